/** CRC-32 as in zlib and Ethernet (polynomial 0x04c11db7, reflected): `node:zlib` has it since 20.15 only. */

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** Of `bytes[from, to)`, as an unsigned number of 32 bits. */
export function crc32(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let value = -1;
  for (let i = from; i < to; i++) value = (value >>> 8) ^ TABLE[(value ^ bytes[i]!) & 255]!;
  return ~value >>> 0;
}
