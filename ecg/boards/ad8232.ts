/** SparkFun AD8232 and every Arduino tutorial after it (the text: `ad8232-line.ts`). */
import { LEAD_OFF_FLAGS, PIPELINE_RATE_HZ, type Samples } from '../types.ts';
import { Ad8232Decoder } from './ad8232-decoder.ts';
import { AD8232_BAUD, AD8232_MICROVOLTS, BITS_PER_BYTE, MAX_COUNT, ZERO_COUNT } from './ad8232-line.ts';
import { type Board, type BoardEncoder, type EncoderOptions, NO_BYTES } from './board.ts';
import { ARDUINO_USB_IDS } from './usb-ids.ts';

export const ad8232: Board = {
  name: 'ad8232',
  title: 'AD8232 or any sketch that prints numbers',
  source: 'sparkfun/AD8232_Heart_Rate_Monitor',
  baud: AD8232_BAUD,
  rateHz: PIPELINE_RATE_HZ,
  leadNames: ['ECG'],
  microvoltsPerCount: AD8232_MICROVOLTS,
  countRange: 1,
  usbIds: ARDUINO_USB_IDS,
  createDecoder: (options) => new Ad8232Decoder(options),
  createEncoder: (options) => new Ad8232Encoder(options),
};

/** The sketch: it reads the pin whenever the line has taken the line before. */
class Ad8232Encoder implements BoardEncoder {
  /** One input sample per byte time: the sample at which a line begins is the one it carries. */
  readonly inputRateHz = AD8232_BAUD / BITS_PER_BYTE;
  readonly streaming = true;
  readonly #microvoltsPerCount: number;
  #busyBytes = 0;
  #out = new Uint8Array(1024);

  constructor(options: EncoderOptions = {}) {
    this.#microvoltsPerCount = options.microvoltsPerCount ?? ad8232.microvoltsPerCount;
  }

  switchOn(): Uint8Array {
    this.#busyBytes = 0;
    return NO_BYTES;
  }

  encode(samples: Samples): Uint8Array {
    if (this.#out.length < samples.count + 8) this.#out = new Uint8Array(2 * samples.count + 8);
    let end = 0;
    for (let i = 0; i < samples.count; i++) {
      if (this.#busyBytes === 0) {
        const text = (samples.flags & LEAD_OFF_FLAGS) !== 0 ? '!' : String(this.#count(samples, i));
        for (let k = 0; k < text.length; k++) this.#out[end++] = text.charCodeAt(k);
        this.#out[end++] = 0x0d;
        this.#out[end++] = 0x0a;
        this.#busyBytes = text.length + 2;
      }
      this.#busyBytes--;
    }
    return this.#out.subarray(0, end);
  }

  command(): Uint8Array {
    return NO_BYTES;
  }

  #count(samples: Samples, i: number): number {
    const millivolts = samples.leads[0]?.[i] ?? 0;
    const count = Math.round((millivolts * 1000) / this.#microvoltsPerCount) + ZERO_COUNT;
    return Math.max(0, Math.min(MAX_COUNT, count));
  }
}
