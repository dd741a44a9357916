/** Our own board: the reference firmware on an ATmega328P and the simulator's default. */
import type { Samples } from '../types.ts';
import { type Board, type BoardEncoder, type EncoderOptions, NO_BYTES } from './board.ts';
import { NativeDecoder } from './native-decoder.ts';
import {
  FrameType,
  MAX_BLOCK,
  MAX_FRAME,
  NATIVE_VERSION,
  SAMPLES_HEADER,
  sealFrame,
  writeHello,
} from './native-frame.ts';
import { ARDUINO_USB_IDS } from './usb-ids.ts';

const SAMPLES_PER_FRAME = 4;
const HELLO_INTERVAL_S = 2;
const MAX_COUNT = 0x7fffff;

export const native: Board = {
  name: 'native',
  title: 'Our own frame (reference firmware, simulator)',
  source: 'ecg/boards/native-frame.ts',
  baud: 115200,
  rateHz: 360,
  leadNames: ['ECG1', 'ECG2'],
  microvoltsPerCount: 1,
  countRange: Number.POSITIVE_INFINITY,
  usbIds: ARDUINO_USB_IDS,
  createDecoder: (options) => new NativeDecoder(options),
  createEncoder: (options) => new NativeEncoder(options),
};

class NativeEncoder implements BoardEncoder {
  readonly inputRateHz: number;
  readonly streaming = true;
  readonly #leadNames: readonly string[];
  readonly #microvoltsPerCount: number;
  readonly #frame = new Uint8Array(MAX_FRAME);
  #out = new Uint8Array(MAX_BLOCK);
  #outLength = 0;
  #sequence = 0;
  #samplesSent = 0;
  #nextHelloAt = 0;
  #pending = 0;
  #pendingFlags = 0;

  constructor(options: EncoderOptions = {}) {
    this.inputRateHz = options.rateHz ?? native.rateHz;
    this.#leadNames = options.leadNames ?? native.leadNames;
    this.#microvoltsPerCount = options.microvoltsPerCount ?? native.microvoltsPerCount;
  }

  switchOn(): Uint8Array {
    this.#sequence = 0;
    this.#samplesSent = 0;
    this.#nextHelloAt = 0;
    this.#pending = 0;
    return NO_BYTES;
  }

  encode(samples: Samples): Uint8Array {
    this.#outLength = 0;
    for (let i = 0; i < samples.count; i++) {
      // One set of flags a frame: a change ends it early.
      if (this.#pending > 0 && samples.flags !== this.#pendingFlags) this.#sendFrame();
      if (this.#samplesSent >= this.#nextHelloAt) this.#sendHello();
      this.#pendingFlags = samples.flags;
      this.#append(samples, i);
      if (this.#pending === SAMPLES_PER_FRAME) this.#sendFrame();
    }
    return this.#out.subarray(0, this.#outLength);
  }

  command(): Uint8Array {
    return NO_BYTES;
  }

  #append(samples: Samples, i: number): void {
    const channels = this.#leadNames.length;
    let at = SAMPLES_HEADER + 3 * channels * this.#pending;
    for (let c = 0; c < channels; c++) {
      const millivolts = samples.leads[c]?.[i] ?? 0;
      const rounded = Math.round((millivolts * 1000) / this.#microvoltsPerCount);
      const count = Math.max(-MAX_COUNT - 1, Math.min(MAX_COUNT, rounded));
      this.#frame[at++] = count & 0xff;
      this.#frame[at++] = (count >> 8) & 0xff;
      this.#frame[at++] = (count >> 16) & 0xff;
    }
    this.#pending++;
  }

  #sendFrame(): void {
    const frame = this.#frame;
    const channels = this.#leadNames.length;
    this.#writeStart(FrameType.samples);
    frame[8] = this.#pendingFlags;
    frame[9] = channels;
    frame[10] = this.#pending;
    this.#seal(SAMPLES_HEADER + 3 * channels * this.#pending);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#samplesSent += this.#pending;
    this.#pending = 0;
  }

  #sendHello(): void {
    // A frame under construction shares the buffer: a hello goes out between frames only.
    if (this.#pending > 0) return;
    const hello = {
      rateHz: this.inputRateHz,
      microvoltsPerCount: this.#microvoltsPerCount,
      board: native.name,
      firmware: 'sim 1.0',
      leadNames: this.#leadNames,
    };
    this.#seal(writeHello(this.#frame, hello, this.#sequence, this.#timeUs()));
    this.#nextHelloAt = this.#samplesSent + HELLO_INTERVAL_S * this.inputRateHz;
  }

  #timeUs(): number {
    return Math.round((this.#samplesSent * 1e6) / this.inputRateHz) % 0x100000000;
  }

  #writeStart(type: number): void {
    const timeUs = this.#timeUs();
    this.#frame[0] = NATIVE_VERSION;
    this.#frame[1] = type;
    this.#frame[2] = this.#sequence & 0xff;
    this.#frame[3] = this.#sequence >> 8;
    for (let k = 0; k < 4; k++) this.#frame[4 + k] = (timeUs / 2 ** (8 * k)) & 0xff;
  }

  #seal(length: number): void {
    if (this.#outLength + MAX_BLOCK + 1 > this.#out.length) {
      const grown = new Uint8Array(2 * this.#out.length + MAX_BLOCK);
      grown.set(this.#out);
      this.#out = grown;
    }
    this.#outLength = sealFrame(this.#frame, length, this.#out, this.#outLength);
  }
}
