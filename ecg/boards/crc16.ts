/**
 * CRC-16/CCITT-FALSE: polynomial 0x1021, initial value 0xFFFF, nothing reflected, nothing inverted; check
 * value 0x29B1 over "123456789" (CRC catalogue of the RevEng project, "CRC-16/IBM-3740").
 */
const table = /* @__PURE__ */ makeTable();

function makeTable(): Uint16Array {
  const made = new Uint16Array(256);
  for (let value = 0; value < 256; value++) {
    let crc = value << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) !== 0 ? (crc << 1) ^ 0x1021 : crc << 1;
    made[value] = crc & 0xffff;
  }
  return made;
}

/** Of `bytes[from, to)`, as an unsigned 16-bit number. */
export function crc16(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0xffff;
  for (let i = from; i < to; i++) crc = ((crc << 8) & 0xffff) ^ table[((crc >> 8) ^ bytes[i]!) & 0xff]!;
  return crc;
}
