/**
 * Consistent overhead byte stuffing: a block without any 0x00, so that 0x00 can end it (Cheshire and Baker,
 * IEEE/ACM Transactions on Networking 7(2), 1999). Each code byte says how many bytes follow before the next
 * zero; 0xFF means 254 bytes and no zero.
 */

/** The most bytes `length` bytes can become, the ending 0x00 not counted. */
export function cobsMaximum(length: number): number {
  return length + Math.floor(length / 254) + 1;
}

/**
 * Writes `source[0, length)` into `target` from `at`, without the ending 0x00.
 * @returns where the block ends in `target`.
 */
export function cobsEncode(source: Uint8Array, length: number, target: Uint8Array, at = 0): number {
  let codeAt = at;
  let out = at + 1;
  let code = 1;
  for (let i = 0; i < length; i++) {
    const byte = source[i]!;
    if (byte !== 0) {
      target[out++] = byte;
      code++;
    }
    // A full block at the very end of the data needs no further code byte.
    if (byte === 0 || (code === 0xff && i + 1 < length)) {
      target[codeAt] = code;
      codeAt = out++;
      code = 1;
    }
  }
  target[codeAt] = code;
  return out;
}

/**
 * Decodes the block `source[0, length)` (without its ending 0x00) into `target`, which may be `source`.
 * @returns the decoded length; -1 when the block is not COBS or does not fit `target`.
 */
export function cobsDecode(source: Uint8Array, length: number, target: Uint8Array): number {
  let i = 0;
  let out = 0;
  while (i < length) {
    const code = source[i++]!;
    if (code === 0 || i + code - 1 > length || out + code - 1 > target.length) return -1;
    for (let k = 1; k < code; k++) {
      const byte = source[i++]!;
      if (byte === 0) return -1;
      target[out++] = byte;
    }
    if (code !== 0xff && i < length) {
      if (out >= target.length) return -1;
      target[out++] = 0;
    }
  }
  return out;
}
