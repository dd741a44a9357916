/**
 * Frames of a sketch that asks its chip in a loop, sample by sample: their samples are given the spacing in which
 * they arrive, at the pipeline's rate.
 */
import { PIPELINE_RATE_HZ, type Samples, type StreamDescription } from '../types.ts';
import type { Board, BoardDecoder, DecoderOptions } from './board.ts';
import { Retimer } from './retimer.ts';

export class PacedDecoder implements BoardDecoder {
  readonly #inner: BoardDecoder;
  readonly #retimer: Retimer;
  readonly #values: Float64Array;

  /** @param framed decodes the frames, at the board's nominal rate */
  constructor(framed: Board, options: DecoderOptions = {}) {
    const leads = options.channels?.length ?? framed.leadNames.length;
    this.#inner = framed.createDecoder(options);
    this.#values = new Float64Array(leads);
    this.#retimer = new Retimer({
      leads,
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
          for (let k = 0; k < this.#values.length; k++) this.#values[k] = samples.leads[k]![i]!;
          this.#retimer.push(this.#values, samples.flags, 0, i === 0 ? samples.lost : 0, onSamples);
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
