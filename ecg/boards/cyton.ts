/**
 * OpenBCI Cyton, 8 channels through the USB dongle; with a Daisy 16 (cyton-daisy.ts). Source: OpenBCI documentation, "Cyton Data Format", and
 * the OpenBCI_32bit_Library firmware.
 *
 *   offset  field
 *   0       start     A0
 *   1       sample    u8   counts up, wraps at 256
 *   2       channels  8 x i24, big-endian
 *   26      auxiliary 6 bytes: acceleration, or with stop bytes C3 and C4 (from 2 on) board milliseconds
 *   32      stop      C0..C6, the kind of the auxiliary bytes
 *
 * The dongle's FTDI chip hands bytes over every 16 ms: arrival is not sample time.
 */
import type { Board, EncoderOptions } from './board.ts';
import { NO_BYTES } from './board.ts';
import { readI24BE, writeBE } from './byte-order.ts';
import { CytonDecoder } from './cyton-decoder.ts';
import { Verdict } from './frame-scanner.ts';
import { FramedDecoder, FramedEncoder, type FrameLayout } from './framed-board.ts';

const LENGTH = 33;
const CHANNELS = 8;
const START = 0xa0;
const STOP = 0xc0;
const LAST_STOP = 0xc6;

const layout: FrameLayout = {
  confirm: 2,
  confirmInStep: 0,
  channels: CHANNELS,
  maxLength: LENGTH,
  sequenceRange: 256,
  zeroCount: 0,
  minCount: -0x800000,
  maxCount: 0x7fffff,
  zerosMeanOffS: null,
  inspect(bytes, at, available) {
    if (bytes[at] !== START) return Verdict.noStart;
    if (available < LENGTH) return Verdict.unfinished;
    const stop = bytes[at + LENGTH - 1]!;
    return stop >= STOP && stop <= LAST_STOP ? LENGTH : Verdict.badFooter;
  },
  follows: (bytes, before, beforeAt, at) => bytes[at + 1] === ((before[beforeAt + 1]! + 1) & 0xff),
  sequence: (bytes, at) => bytes[at + 1]!,
  read(bytes, at, _length, counts) {
    for (let c = 0; c < CHANNELS; c++) counts[c] = readI24BE(bytes, at + 2 + 3 * c);
    return 0;
  },
  write(bytes, at, counts, _flags, sequence) {
    bytes[at] = START;
    bytes[at + 1] = sequence;
    for (let c = 0; c < CHANNELS; c++) writeBE(bytes, at + 2 + 3 * c, counts[c]!, 3);
    bytes.fill(0, at + 26, at + 32);
    bytes[at + 32] = STOP;
    return LENGTH;
  },
};

/** The same layout, with a look at every packet it reads. */
function shown(plain: FrameLayout, show: (counts: Int32Array) => void): FrameLayout {
  return {
    ...plain,
    read(bytes, at, length, counts, sample) {
      const flags = plain.read(bytes, at, length, counts, sample);
      show(counts);
      return flags;
    },
  };
}

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

export const cyton: Board = {
  name: 'cyton',
  title: 'OpenBCI Cyton',
  source: 'docs.openbci.com, Cyton Data Format; OpenBCI_32bit_Library',
  baud: 115200,
  rateHz: 250,
  // Two of the eight by default: a chest lead pair uses no more; `source.channels` names others.
  leadNames: ['channel 1', 'channel 2'],
  microvoltsPerCount: 4.5e6 / (2 ** 23 - 1) / 24,
  countRange: 256,
  usbIds: ['0403:6015'],
  startCommand: ascii('b'),
  stopCommand: ascii('s'),
  probeCommand: ascii('v'),
  createDecoder: (options) =>
    new CytonDecoder((show) => new FramedDecoder(cyton, shown(layout, show), options), options),
  createEncoder: (options) => new CytonEncoder(options),
};

class CytonEncoder extends FramedEncoder {
  #streaming = false;

  constructor(options?: EncoderOptions) {
    super(cyton, layout, options);
  }

  override get streaming(): boolean {
    return this.#streaming;
  }

  override command(bytes: Uint8Array): Uint8Array {
    let answer = NO_BYTES;
    for (const byte of bytes) {
      const letter = String.fromCharCode(byte);
      if (letter === 'b') this.#streaming = true;
      if (letter === 's') this.#streaming = false;
      if (letter === 'v') {
        this.#streaming = false;
        answer = ascii('OpenBCI V3 8-16 channel\nADS1299 Device ID: 0x3E\nFirmware: v3.1.2\n$$$');
      }
    }
    return answer;
  }
}
