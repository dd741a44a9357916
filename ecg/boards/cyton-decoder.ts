/**
 * Decodes a Cyton with or without a Daisy. The Daisy announces itself in the banner; a stream that was joined later shows
 * it by its packets: two in a row come from two boards and differ, every second one continues the one before it.
 */
import type { Samples, StreamDescription } from '../types.ts';
import type { BoardDecoder, DecoderOptions, FrameStatistics } from './board.ts';
import { cytonDaisy, daisyLayout } from './cyton-daisy.ts';
import { FramedDecoder } from './framed-board.ts';

const BANNER = 'On Daisy ADS1299';

export class CytonDecoder implements BoardDecoder {
  readonly #options: DecoderOptions;
  readonly #alternation = new Alternation();
  #decoder: FramedDecoder;
  #isDaisy = false;
  /** Letters of the banner seen so far. */
  #matched = 0;

  /** @param makePlain a decoder of a Cyton alone, which shows every packet it takes */
  constructor(
    makePlain: (show: (counts: Int32Array) => void) => FramedDecoder,
    options: DecoderOptions = {},
  ) {
    this.#options = options;
    this.#decoder = makePlain((counts) => this.#alternation.push(counts));
  }

  get statistics(): FrameStatistics {
    return this.#decoder.statistics;
  }

  push(
    bytes: Uint8Array,
    arrivalMs: number,
    onSamples: (samples: Samples) => void,
    onDescription?: (description: StreamDescription) => void,
  ): void {
    if (!this.#isDaisy && this.#endsBanner(bytes)) this.#change();
    this.#decoder.push(bytes, arrivalMs, onSamples, onDescription);
    if (!this.#isDaisy && this.#alternation.isTwoBoards) this.#change();
  }

  lineBroke(): void {
    this.#decoder.lineBroke();
  }

  #endsBanner(bytes: Uint8Array): boolean {
    for (const byte of bytes) {
      if (byte === BANNER.charCodeAt(this.#matched)) this.#matched++;
      else this.#matched = byte === BANNER.charCodeAt(0) ? 1 : 0;
      if (this.#matched === BANNER.length) return true;
    }
    return false;
  }

  /** From here on two packets are one sample, at half the rate; time goes on. */
  #change(): void {
    this.#isDaisy = true;
    const first = Math.ceil(this.#decoder.nextIndex / 2);
    this.#decoder = new FramedDecoder(cytonDaisy, daisyLayout, this.#options, first);
  }
}

/** A second of packets says which it is. */
const ENOUGH_PACKETS = 250;
/** Packets of two boards are further apart than this many times those of one. */
const TWO_BOARDS = 3;
const CHANNELS = 8;

class Alternation {
  #last = new Float64Array(CHANNELS);
  #secondLast = new Float64Array(CHANNELS);
  #packets = 0;
  #toLast = 0;
  #toSecondLast = 0;

  get isTwoBoards(): boolean {
    return this.#packets >= ENOUGH_PACKETS && this.#toLast > TWO_BOARDS * this.#toSecondLast;
  }

  push(counts: Int32Array): void {
    if (this.#packets >= ENOUGH_PACKETS) return;
    const oldest = this.#secondLast;
    for (let c = 0; c < CHANNELS; c++) {
      const count = counts[c]!;
      if (this.#packets >= 2) {
        this.#toLast += Math.abs(count - this.#last[c]!);
        this.#toSecondLast += Math.abs(count - oldest[c]!);
      }
      oldest[c] = count;
    }
    this.#secondLast = this.#last;
    this.#last = oldest;
    this.#packets++;
  }
}
