/**
 * Our own frame: what the reference firmware and the simulator send. Every frame is COBS-encoded and ends
 * with 0x00. Little-endian throughout.
 *
 *   offset  field
 *   0       version     u8   1
 *   1       type        u8   1 samples, 2 hello
 *   2       sequence    u16  of samples frames; a hello carries that of the next samples frame
 *   4       time        u32  microseconds of the device's clock at the first sample (wraps after 71 min)
 *   -- type 1 --
 *   8       flags       u8   SampleFlag bits, for every sample of the frame
 *   9       channels    u8   1..8
 *   10      samples     u8   1..16 per channel
 *   11      values      i24  sample by sample, channel by channel within it
 *   -- type 2 --
 *   8       rate        u32  millihertz
 *   12      scale       f32  microvolts per count
 *   16      channels    u8
 *   17      strings     board id, firmware version, one name per channel; each: length u8, then ASCII
 *   -- both --
 *   last 2  CRC-16/CCITT-FALSE over everything before it
 *
 * None of the boards on the market has all five: loss counted over 65,536 frames, the device's own time,
 * damage detected, lead-off said explicitly, and a stream that describes itself every 2 s.
 */
import { cobsEncode, cobsMaximum } from './cobs.ts';
import { crc16 } from './crc16.ts';

export const NATIVE_VERSION = 1;
export const FrameType = { samples: 1, hello: 2 } as const;

export const MAX_CHANNELS = 8;
export const MAX_SAMPLES = 16;
export const SAMPLES_HEADER = 11;
const HELLO_HEADER = 17;
const CRC_BYTES = 2;

/** Longest frame before COBS, CRC included. */
export const MAX_FRAME = SAMPLES_HEADER + 3 * MAX_CHANNELS * MAX_SAMPLES + CRC_BYTES;
/** Longest block on the wire, the ending 0x00 not counted. */
export const MAX_BLOCK = cobsMaximum(MAX_FRAME);

export interface Hello {
  readonly rateHz: number;
  readonly microvoltsPerCount: number;
  readonly board: string;
  readonly firmware: string;
  readonly leadNames: readonly string[];
}

/**
 * Adds the CRC to `frame[0, length)` and writes it, encoded and ended, into `target` from `at`.
 * @returns where it ends in `target`.
 */
export function sealFrame(frame: Uint8Array, length: number, target: Uint8Array, at: number): number {
  const crc = crc16(frame, 0, length);
  frame[length] = crc & 0xff;
  frame[length + 1] = crc >> 8;
  const end = cobsEncode(frame, length + CRC_BYTES, target, at);
  target[end] = 0;
  return end + 1;
}

/** Whether `frame[0, length)` (decoded) ends with its own CRC. */
export function isIntact(frame: Uint8Array, length: number): boolean {
  if (length <= CRC_BYTES) return false;
  return crc16(frame, 0, length - CRC_BYTES) === (frame[length - 2]! | (frame[length - 1]! << 8));
}

/** Writes a hello's content into `frame`; @returns its length without CRC. */
export function writeHello(frame: Uint8Array, hello: Hello, sequence: number, timeUs: number): number {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  frame[0] = NATIVE_VERSION;
  frame[1] = FrameType.hello;
  view.setUint16(2, sequence, true);
  view.setUint32(4, timeUs >>> 0, true);
  view.setUint32(8, Math.round(hello.rateHz * 1000), true);
  view.setFloat32(12, hello.microvoltsPerCount, true);
  frame[16] = hello.leadNames.length;
  let at = HELLO_HEADER;
  for (const text of [hello.board, hello.firmware, ...hello.leadNames]) {
    const ascii = text.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_STRING);
    frame[at++] = ascii.length;
    for (let i = 0; i < ascii.length; i++) frame[at++] = ascii.charCodeAt(i);
  }
  return at;
}

/** No board of this kind is faster, none slower than a sample a second. */
const MAX_RATE_HZ = 20_000;
/** A count of a volt: beyond it 24 bits are no longer millivolts that mean anything. */
const MAX_MICROVOLTS = 1e6;
/** Longest string in a hello: ten of them fit a frame. */
const MAX_STRING = 32;

/** Reads an intact hello of `length` bytes, CRC included; null when its content makes no sense. */
export function readHello(frame: Uint8Array, length: number): Hello | null {
  const end = length - CRC_BYTES;
  if (end < HELLO_HEADER) return null;
  const view = new DataView(frame.buffer, frame.byteOffset, length);
  const rateHz = view.getUint32(8, true) / 1000;
  const microvoltsPerCount = view.getFloat32(12, true);
  const channels = frame[16]!;
  if (!(rateHz >= 1 && rateHz <= MAX_RATE_HZ)) return null;
  if (!(Math.abs(microvoltsPerCount) <= MAX_MICROVOLTS)) return null;
  if (channels < 1 || channels > MAX_CHANNELS) return null;
  const strings: string[] = [];
  let at = HELLO_HEADER;
  while (strings.length < channels + 2) {
    const size = frame[at++];
    if (size === undefined || at + size > end) return null;
    strings.push(String.fromCharCode(...frame.subarray(at, at + size)));
    at += size;
  }
  const [board = '', firmware = '', ...leadNames] = strings;
  return { rateHz, microvoltsPerCount, board, firmware, leadNames };
}
