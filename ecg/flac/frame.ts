/**
 * One frame of a FLAC stream (RFC 9639, section 9): a header, a subframe a channel, a CRC-16.
 *
 *   header    14 bits 11111111111110, 1 reserved, 1 blocking; 4 bits size, 4 rate; 4 bits channels, 3 bits a sample,
 *             1 reserved; its number in 1 to 7 bytes; size in 1 or 2 bytes, rate in 1 or 2 where the 4 bits say so; CRC-8
 *   channels  0..7: that many more than one, each its own; 8 left and side, 9 side and right, 10 middle and side
 */
import { BitReader } from './bit-reader.ts';
import { flacCrc8, flacCrc16 } from './flac-crc.ts';
import type { StreamInfo } from './stream-info.ts';
import { DamagedFrame, readSubframe } from './subframe.ts';

const LEFT_SIDE = 8;
const SIDE_RIGHT = 9;
const MIDDLE_SIDE = 10;
/** Where size and rate stand behind the number instead. */
const SIZE_IN_BYTE = 6;
const SIZE_IN_WORD = 7;
const RATE_IN_BYTE = 12;
const RATES_IN_WORD = [13, 14];
const BITS_OF_CODE = [0, 8, 12, 0, 16, 20, 24, 32];

export interface FlacFrame {
  /** Samples a channel. */
  readonly length: number;
  /** Bytes from its first to the first of the next. */
  readonly bytes: number;
}

/**
 * @param channels arrays of `maxBlock` samples at least, one a channel: their first `length` are filled
 * @throws BitsEnded when the frame is longer than the bytes at hand; DamagedFrame
 */
export function readFrame(
  bytes: Uint8Array,
  at: number,
  info: StreamInfo,
  channels: readonly Int32Array[],
): FlacFrame {
  const bits = new BitReader(bytes, at);
  if (bits.unsigned(15) !== 0x7ffc) throw new DamagedFrame('no frame begins there');
  bits.unsigned(1);
  const sizeCode = bits.unsigned(4);
  const rateCode = bits.unsigned(4);
  const assignment = bits.unsigned(4);
  const bitsCode = bits.unsigned(3);
  bits.unsigned(1);
  const more = numberBytes(bits.unsigned(8));
  for (let i = 0; i < more; i++) bits.unsigned(8);
  const length = blockLength(sizeCode, bits);
  if (rateCode === RATE_IN_BYTE) bits.unsigned(8);
  else if (RATES_IN_WORD.includes(rateCode)) bits.unsigned(16);
  const headerEnd = bits.position;
  if (bits.unsigned(8) !== flacCrc8(bytes, at, headerEnd)) throw new DamagedFrame('its header is damaged');
  const sampleBits = bitsCode === 0 ? info.bits : BITS_OF_CODE[bitsCode]!;
  const count = assignment < LEFT_SIDE ? assignment + 1 : 2;
  if (
    assignment > MIDDLE_SIDE ||
    count !== info.channels ||
    sampleBits !== info.bits ||
    length > info.maxBlock
  ) {
    throw new DamagedFrame('it is another stream than the file says');
  }
  for (let channel = 0; channel < count; channel++) {
    const isSide =
      (channel === 1 && (assignment === LEFT_SIDE || assignment === MIDDLE_SIDE)) ||
      (channel === 0 && assignment === SIDE_RIGHT);
    readSubframe(bits, sampleBits + (isSide ? 1 : 0), channels[channel]!, length);
  }
  if (assignment >= LEFT_SIDE) unite(assignment, channels[0]!, channels[1]!, length);
  const end = bits.position;
  if (end + 2 > bytes.length) bits.unsigned(24);
  if (flacCrc16(bytes, at, end) !== ((bytes[end]! << 8) | bytes[end + 1]!)) {
    throw new DamagedFrame('its samples are damaged');
  }
  return { length, bytes: end + 2 - at };
}

/** The number is coded like a character of UTF-8, of up to 36 bits. @returns the bytes after its first */
function numberBytes(first: number): number {
  if (first < 0x80) return 0;
  const ones = Math.clz32(~(first << 24));
  if (ones < 2 || ones > 7) throw new DamagedFrame('its number is damaged');
  return ones - 1;
}

function blockLength(code: number, bits: BitReader): number {
  if (code === 0) throw new DamagedFrame('its length is damaged');
  if (code === 1) return 192;
  if (code < SIZE_IN_BYTE) return 576 << (code - 2);
  if (code === SIZE_IN_BYTE) return bits.unsigned(8) + 1;
  if (code === SIZE_IN_WORD) return bits.unsigned(16) + 1;
  return 256 << (code - 8);
}

/** Two channels that were stored as one and their difference. */
function unite(assignment: number, first: Int32Array, second: Int32Array, length: number): void {
  for (let i = 0; i < length; i++) {
    const a = first[i]!;
    const b = second[i]!;
    if (assignment === LEFT_SIDE) second[i] = a - b;
    else if (assignment === SIDE_RIGHT) first[i] = a + b;
    else {
      const sum = 2 * a + (b & 1);
      first[i] = (sum + b) >> 1;
      second[i] = (sum - b) >> 1;
    }
  }
}
