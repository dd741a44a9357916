/**
 * ProtoCentral HealthyPi 6, the first of its two USB CDC ports, or TCP port 5000 of its Wi-Fi: blocks of its recording
 * format. Source: hp6_frame.h, sample_formats.h, acquisition.c and stream_service.c of Protocentral/healthypi-6-fw 1.0.0.
 *
 *   offset  field
 *   0       start     "DBLK"
 *   4       length    u32  of the whole block, at most 512
 *   8       sequence  u32  over blocks of every channel
 *   12      time      u64  milliseconds since the board started, of the first sample
 *   20      channel   u8   1 ECG, 2 pulse wave, 4 vital signs, 5 EEG
 *   21      flags     u8
 *   22      samples   u16
 *   24      zero      u32
 *   28      samples
 *   length-4  CRC-32  over all before it
 *
 * A sample of the ECG, 20 bytes, all in microvolts:
 *   0   respiration  i32
 *   4   I            i32
 *   8   II           i32
 *   12  V1           i32
 *   16  leads off    u8   bit 0 RA, 1 LA, 2 LL, 3 V1
 *   17  zero
 *
 * Little-endian. The board says nothing until its second port, which speaks MCUmgr, was told to start the stream.
 */
import { crc32 } from '../crc32.ts';
import { SampleFlag } from '../types.ts';
import type { Board } from './board.ts';
import { readI32LE, writeLE } from './byte-order.ts';
import { Verdict } from './frame-scanner.ts';
import { FramedDecoder, FramedEncoder, type FrameLayout } from './framed-board.ts';

const HEADER = 28;
const OVERHEAD = HEADER + 4;
const MAX_LENGTH = 512;
const MAGIC = [0x44, 0x42, 0x4c, 0x4b] as const;
const RATE_HZ = 500;
const ECG = 1;
const SAMPLE = 20;
const LEADS = 3;
/** RA is the common minus; LA and LL are plus. V1's bit says nothing of I and II, and firmware 1.0.0 never sets it. */
const RIGHT_ARM = 1;
const OTHER_LIMBS = 2 | 4;
/** 2.4 V reference, gain 6 (acquisition.c). */
const FULL_SCALE_UV = 400_000;

const samplesIn = (bytes: Uint8Array, at: number): number =>
  bytes[at + 20] === ECG ? bytes[at + 22]! | (bytes[at + 23]! << 8) : 0;
const timeMs = (bytes: Uint8Array, at: number): number =>
  (readI32LE(bytes, at + 16) >>> 0) * 2 ** 32 + (readI32LE(bytes, at + 12) >>> 0);

const layout: FrameLayout = {
  confirm: 0,
  confirmInStep: 0,
  channels: LEADS,
  maxLength: MAX_LENGTH,
  zeroCount: 0,
  minCount: -FULL_SCALE_UV,
  maxCount: FULL_SCALE_UV,
  sequenceRange: 2 ** 32,
  zerosMeanOffS: null,
  inspect(bytes, at, available) {
    for (let i = 0; i < MAGIC.length; i++) {
      if (i === available) return Verdict.unfinished;
      if (bytes[at + i] !== MAGIC[i]) return Verdict.noStart;
    }
    if (available < HEADER) return Verdict.unfinished;
    const length = readI32LE(bytes, at + 4);
    if (length < OVERHEAD || length > MAX_LENGTH) return Verdict.badLength;
    const samples = samplesIn(bytes, at);
    if (samples > 0 && length !== OVERHEAD + SAMPLE * samples) return Verdict.badLength;
    if (available < length) return Verdict.unfinished;
    const end = at + length - 4;
    return crc32(bytes, at, end) === readI32LE(bytes, end) >>> 0 ? length : Verdict.badChecksum;
  },
  sequence: (bytes, at) => readI32LE(bytes, at + 8) >>> 0,
  lostBetween(before, bytes, at) {
    const ms = timeMs(bytes, at) - timeMs(before, 0);
    if (ms < 0) return -1;
    return Math.max(0, Math.round((ms * RATE_HZ) / 1000 / samplesIn(before, 0)) - 1);
  },
  samplesIn,
  read(bytes, at, _length, counts, sample) {
    const start = at + HEADER + SAMPLE * sample;
    for (let c = 0; c < LEADS; c++) counts[c] = readI32LE(bytes, start + 4 + 4 * c);
    const off = bytes[start + 16]!;
    return (
      ((off & RIGHT_ARM) === 0 ? 0 : SampleFlag.leadOffMinus) |
      ((off & OTHER_LIMBS) === 0 ? 0 : SampleFlag.leadOffPlus)
    );
  },
  /** A block a sample; the board's own hold sixteen. */
  write(bytes, at, counts, flags, sequence) {
    const length = OVERHEAD + SAMPLE;
    bytes.fill(0, at, at + length);
    bytes.set(MAGIC, at);
    writeLE(bytes, at + 4, length, 4);
    writeLE(bytes, at + 8, sequence, 4);
    writeLE(bytes, at + 12, (sequence * 1000) / RATE_HZ, 4);
    bytes[at + 20] = ECG;
    bytes[at + 22] = 1;
    for (let c = 0; c < LEADS; c++) writeLE(bytes, at + HEADER + 4 + 4 * c, counts[c]!, 4);
    bytes[at + HEADER + 16] =
      ((flags & SampleFlag.leadOffMinus) === 0 ? 0 : RIGHT_ARM) |
      ((flags & SampleFlag.leadOffPlus) === 0 ? 0 : OTHER_LIMBS);
    writeLE(bytes, at + length - 4, crc32(bytes, at, at + length - 4), 4);
    return length;
  },
};

export const healthypi6: Board = {
  name: 'healthypi6',
  title: 'ProtoCentral HealthyPi 6',
  source: 'Protocentral/healthypi-6-fw 1.0.0',
  baud: null,
  rateHz: RATE_HZ,
  leadNames: ['I', 'II', 'V1'],
  microvoltsPerCount: 1,
  countRange: Number.POSITIVE_INFINITY,
  // Release and development builds (healthypi_studio, usb_device_info.dart).
  usbIds: ['1209:ff91', '2fe3:0100'],
  createDecoder: (options) => new FramedDecoder(healthypi6, layout, options),
  createEncoder: (options) => new FramedEncoder(healthypi6, layout, options),
};
