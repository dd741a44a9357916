/**
 * BITalino over Bluetooth serial. Source: BITalino (r)evolution user manual and the BITalino C++ API. The
 * daemon asks for two channels, A1 and A2, of 10 bits at 1000 Hz; frames of 4 bytes:
 *
 *   offset  field
 *   0       A2 bits 0-7
 *   1       A1 bits 0-5 << 2 | A2 bits 8-9
 *   2       digital inputs (4 bits) << 4 | A1 bits 6-9
 *   3       sequence (4 bits) << 4 | CRC-4 (x^4 + x + 1, over the frame with the CRC's bits zero)
 *
 * In general the last byte is sequence and CRC, the channels lie before it from the end forwards, and the
 * length for 1 to 6 channels is 3, 4, 6, 7, 8, 8 bytes.
 * A frame says little about itself (8 bits): in step one more has to follow it, out of step four.
 */
import type { Board, EncoderOptions } from './board.ts';
import { NO_BYTES } from './board.ts';
import { Verdict } from './frame-scanner.ts';
import { FramedDecoder, FramedEncoder, type FrameLayout } from './framed-board.ts';

const LENGTH = 4;
/** Command bytes: rate code 3 (1000 Hz) << 6 | 3; channel mask << 2 | 1; stop. */
const RATE_1000_HZ = (3 << 6) | 0x03;
const START_A1_A2 = (0b11 << 2) | 0x01;
const STOP = 0x00;

/** CRC-4 of BITalino, one byte at a time, the last byte's low half counted as zero. */
export function crc4(bytes: Uint8Array, at: number, length: number): number {
  let crc = 0;
  for (let i = 0; i < length; i++) {
    const byte = i === length - 1 ? bytes[at + i]! & 0xf0 : bytes[at + i]!;
    for (let bit = 7; bit >= 0; bit--) {
      crc <<= 1;
      if ((crc & 0x10) !== 0) crc ^= 0x03;
      crc ^= (byte >> bit) & 1;
    }
  }
  return crc & 0x0f;
}

const layout: FrameLayout = {
  confirm: 4,
  confirmInStep: 1,
  channels: 2,
  maxLength: LENGTH,
  sequenceRange: 16,
  zeroCount: 512,
  minCount: 0,
  maxCount: 1023,
  zerosMeanOffS: null,
  inspect(bytes, at, available) {
    if (available < LENGTH) return Verdict.unfinished;
    return (bytes[at + 3]! & 0x0f) === crc4(bytes, at, LENGTH) ? LENGTH : Verdict.badChecksum;
  },
  follows: (bytes, before, beforeAt, at) => bytes[at + 3]! >> 4 === ((before[beforeAt + 3]! >> 4) + 1) % 16,
  sequence: (bytes, at) => bytes[at + 3]! >> 4,
  read(bytes, at, _length, counts) {
    counts[0] = ((bytes[at + 2]! & 0x0f) << 6) | (bytes[at + 1]! >> 2);
    counts[1] = ((bytes[at + 1]! & 0x03) << 8) | bytes[at]!;
    return 0;
  },
  write(bytes, at, counts, _flags, sequence) {
    const a1 = counts[0]!;
    const a2 = counts[1]!;
    bytes[at] = a2 & 0xff;
    bytes[at + 1] = ((a1 & 0x3f) << 2) | (a2 >> 8);
    bytes[at + 2] = a1 >> 6;
    bytes[at + 3] = sequence << 4;
    bytes[at + 3]! |= crc4(bytes, at, LENGTH);
    return LENGTH;
  },
};

export const bitalino: Board = {
  name: 'bitalino',
  title: 'BITalino (r)evolution',
  source: 'BITalino (r)evolution user manual; BITalino C++ API',
  baud: 115200,
  rateHz: 1000,
  leadNames: ['A1', 'A2'],
  // ECG sensor: 3.3 V over 10 bits, gain 1100 (sensor data sheet).
  microvoltsPerCount: 3.3e6 / 1024 / 1100,
  countRange: 16,
  // Bluetooth: no USB chip.
  usbIds: [],
  startCommand: Uint8Array.of(RATE_1000_HZ, START_A1_A2),
  stopCommand: Uint8Array.of(STOP),
  createDecoder: (options) => new FramedDecoder(bitalino, layout, options),
  createEncoder: (options) => new BitalinoEncoder(options),
};

class BitalinoEncoder extends FramedEncoder {
  #streaming = false;

  constructor(options?: EncoderOptions) {
    super(bitalino, layout, options);
  }

  override get streaming(): boolean {
    return this.#streaming;
  }

  override command(bytes: Uint8Array): Uint8Array {
    for (const byte of bytes) {
      if (byte === STOP || byte === 0xff) this.#streaming = false;
      else if ((byte & 0x03) === 0x01) this.#streaming = true;
    }
    return NO_BYTES;
  }
}
