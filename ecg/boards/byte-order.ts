/** Integers in frames, both ways, without a DataView per frame. */

export function readI16LE(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! | (bytes[at + 1]! << 8)) << 16) >> 16;
}

export function readI32LE(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

export function readI24BE(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8)) >> 8;
}

/** The low `size` bytes of `value`, least significant first. */
export function writeLE(bytes: Uint8Array, at: number, value: number, size: number): void {
  for (let k = 0; k < size; k++) bytes[at + k] = (value >> (8 * k)) & 0xff;
}

/** The low `size` bytes of `value`, most significant first. */
export function writeBE(bytes: Uint8Array, at: number, value: number, size: number): void {
  for (let k = 0; k < size; k++) bytes[at + size - 1 - k] = (value >> (8 * k)) & 0xff;
}
