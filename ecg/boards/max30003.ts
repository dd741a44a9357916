/**
 * ProtoCentral MAX30003 breakout on an Arduino (frame: `protocentral.ts`, length 12, type 2). Source:
 * Protocentral/protocentral_max30003, the OpenView example.
 *
 *   payload  field
 *   0        ECG         i32  18 bits, their upper 16 in the upper half; the firmware puts the other two elsewhere
 *   4        RR          u32  milliseconds
 *   8        heart rate  u32
 *
 * The chip samples at 128 Hz, the sketch asks it after each delay(8) whether there is anything new or not: at
 * most 120 frames a second, samples repeated and skipped. So the frames are paced by arrival.
 */
import { PIPELINE_RATE_HZ, type Samples, type StreamDescription } from '../types.ts';
import type { Board, BoardDecoder, DecoderOptions } from './board.ts';
import { readI32LE, writeLE } from './byte-order.ts';
import { protocentralBoard } from './protocentral.ts';
import { Retimer } from './retimer.ts';
import { ARDUINO_USB_IDS } from './usb-ids.ts';

const framed = protocentralBoard(
  {
    name: 'max30003',
    title: 'ProtoCentral MAX30003 breakout',
    source: 'Protocentral/protocentral_max30003, OpenView example',
    baud: 57600,
    rateHz: 120,
    leadNames: ['ECG'],
    // 1 V reference, gain 20, 18 bits with sign, of which 16 are used (data sheet, "ECG channel").
    microvoltsPerCount: 1e6 / 20 / 2 ** 15,
    usbIds: ARDUINO_USB_IDS,
  },
  {
    length: 12,
    type: 2,
    minCount: -0x8000,
    maxCount: 0x7fff,
    zeroCount: 0,
    zerosMeanOffS: null,
    read(bytes, at, counts) {
      counts[0] = readI32LE(bytes, at) >> 16;
      return 0;
    },
    write(bytes, at, counts) {
      writeLE(bytes, at, counts[0]! << 16, 4);
    },
  },
);

export const max30003: Board = {
  ...framed,
  createDecoder: (options) => new Max30003Decoder(options),
};

/** The frames' samples, given the spacing in which they arrive. */
class Max30003Decoder implements BoardDecoder {
  readonly #inner: BoardDecoder;
  readonly #retimer: Retimer;
  readonly #value = new Float64Array(1);

  constructor(options: DecoderOptions = {}) {
    this.#inner = framed.createDecoder(options);
    this.#retimer = new Retimer({
      leads: 1,
      outputHz: PIPELINE_RATE_HZ,
      nominalHz: options.rateHz ?? framed.rateHz,
      lineBytesPerS: null,
      speed: options.speed ?? 1,
    });
  }

  get statistics() {
    return this.#inner.statistics;
  }

  get measuredRateHz(): number | null {
    return this.#retimer.measuredHz;
  }

  push(
    bytes: Uint8Array,
    arrivalMs: number,
    onSamples: (samples: Samples) => void,
    onDescription?: (description: StreamDescription) => void,
  ): void {
    const goodBefore = this.statistics.good;
    this.#inner.push(
      bytes,
      arrivalMs,
      (samples) => {
        for (let i = 0; i < samples.count; i++) {
          this.#value[0] = samples.leads[0]![i]!;
          this.#retimer.push(this.#value, samples.flags, 0, i === 0 ? samples.lost : 0, onSamples);
        }
      },
      (description) => onDescription?.({ ...description, rateHz: PIPELINE_RATE_HZ }),
    );
    this.#retimer.observe(this.statistics.good - goodBefore, bytes.length, arrivalMs);
    this.#retimer.flush(onSamples);
  }

  lineBroke(): void {
    this.#inner.lineBroke();
  }
}
