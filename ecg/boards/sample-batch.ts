/** Collects decoded samples into contiguous stretches, so that a stage is called once per chunk, not per frame. */
import type { Samples } from '../types.ts';

/** A stretch is handed on at this length at the latest: a fifth of a second at the fastest board's rate. */
const CAPACITY = 200;

export class SampleBatch {
  /** Write sample `i` of lead `k` into `leads[k][i]`, with the `i` that `next` returned. */
  readonly leads: readonly Float32Array[];
  readonly rateHz: number;
  #first = 0;
  #count = 0;
  #flags = 0;
  #lost = 0;

  constructor(leadCount: number, rateHz: number, first = 0) {
    this.leads = Array.from({ length: leadCount }, () => new Float32Array(CAPACITY));
    this.rateHz = rateHz;
    this.#first = first;
  }

  /** Index of the next sample in the stream. */
  get nextIndex(): number {
    return this.#first + this.#count;
  }

  /**
   * Room for one more sample. Hands on what was collected when the stretch ends here: samples were lost, the
   * flags changed, or the batch is full.
   * @returns the position to write to.
   */
  next(flags: number, lostBefore: number, onSamples: (samples: Samples) => void): number {
    if (flags !== this.#flags || lostBefore > 0 || this.#count === CAPACITY) {
      this.flush(onSamples);
      this.#flags = flags;
    }
    if (lostBefore > 0) {
      this.#lost += lostBefore;
      this.#first += lostBefore;
    }
    return this.#count++;
  }

  flush(onSamples: (samples: Samples) => void): void {
    if (this.#count === 0) return;
    const stretch: Samples = {
      first: this.#first,
      rateHz: this.rateHz,
      leads: this.leads,
      count: this.#count,
      flags: this.#flags,
      lost: this.#lost,
    };
    this.#first += this.#count;
    this.#count = 0;
    this.#lost = 0;
    onSamples(stretch);
  }
}
