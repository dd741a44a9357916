/**
 * OpenBCI Cyton with a Daisy, through the USB dongle: the radio carries 250 packets a second (cyton.ts has their bytes), so
 * sixteen channels come as two packets, at 125 samples a second. An even sample number has the Daisy's channels 9 to 16, the
 * odd one after it the Cyton's 1 to 8. Source: brainflow's cyton_daisy.cpp and the discussion of its pull request 158,
 * OpenBCI_NodeJS's pairs of packets.
 */
import type { Board } from './board.ts';
import { readI24BE, writeBE } from './byte-order.ts';
import { Verdict } from './frame-scanner.ts';
import { FramedDecoder, FramedEncoder, type FrameLayout } from './framed-board.ts';

const PACKET = 33;
const LENGTH = 2 * PACKET;
const CHANNELS = 16;
const OF_ONE_BOARD = 8;
const START = 0xa0;
const STOP = 0xc0;
const LAST_STOP = 0xc6;

function inspectPacket(bytes: Uint8Array, at: number, available: number): number {
  if (bytes[at] !== START) return Verdict.noStart;
  if (available < PACKET) return Verdict.unfinished;
  const stop = bytes[at + PACKET - 1]!;
  return stop >= STOP && stop <= LAST_STOP ? PACKET : Verdict.badFooter;
}

export const daisyLayout: FrameLayout = {
  confirm: 1,
  confirmInStep: 0,
  channels: CHANNELS,
  maxLength: LENGTH,
  // Pairs: the counter's even values.
  sequenceRange: 128,
  zeroCount: 0,
  minCount: -0x800000,
  maxCount: 0x7fffff,
  zerosMeanOffS: null,
  inspect(bytes, at, available) {
    if (available > 1 && bytes[at] === START && bytes[at + 1]! % 2 !== 0) return Verdict.noStart;
    const first = inspectPacket(bytes, at, available);
    if (first !== PACKET) return first;
    if (available === PACKET) return Verdict.unfinished;
    const second = inspectPacket(bytes, at + PACKET, available - PACKET);
    if (second !== PACKET) return second;
    return bytes[at + PACKET + 1] === bytes[at + 1]! + 1 ? LENGTH : Verdict.noStart;
  },
  follows: (bytes, before, beforeAt, at) => bytes[at + 1] === ((before[beforeAt + 1]! + 2) & 0xff),
  sequence: (bytes, at) => bytes[at + 1]! >> 1,
  read(bytes, at, _length, counts) {
    for (let c = 0; c < OF_ONE_BOARD; c++) {
      counts[c] = readI24BE(bytes, at + PACKET + 2 + 3 * c);
      counts[OF_ONE_BOARD + c] = readI24BE(bytes, at + 2 + 3 * c);
    }
    return 0;
  },
  write(bytes, at, counts, _flags, sequence) {
    bytes.fill(0, at, at + LENGTH);
    for (const [packet, from] of [
      [0, OF_ONE_BOARD],
      [1, 0],
    ] as const) {
      const start = at + packet * PACKET;
      bytes[start] = START;
      bytes[start + 1] = 2 * sequence + packet;
      for (let c = 0; c < OF_ONE_BOARD; c++) writeBE(bytes, start + 2 + 3 * c, counts[from + c]!, 3);
      bytes[start + PACKET - 1] = STOP;
    }
    return LENGTH;
  },
};

/** Not in the registry: a Cyton tells by itself that it has a Daisy. */
export const cytonDaisy: Board = {
  name: 'cyton',
  title: 'OpenBCI Cyton with Daisy',
  source: 'docs.openbci.com, Cyton Data Format; brainflow, cyton_daisy.cpp',
  baud: 115200,
  rateHz: 125,
  leadNames: Array.from({ length: CHANNELS }, (_, c) => `channel ${c + 1}`),
  microvoltsPerCount: 4.5e6 / (2 ** 23 - 1) / 24,
  countRange: 128,
  usbIds: ['0403:6015'],
  createDecoder: (options) => new FramedDecoder(cytonDaisy, daisyLayout, options),
  createEncoder: (options) => new FramedEncoder(cytonDaisy, daisyLayout, options),
};
