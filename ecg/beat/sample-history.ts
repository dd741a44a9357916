/**
 * The last samples of one lead, addressed by their absolute index. Samples that were lost are NaN, so that
 * "unknown" survives until the image is drawn.
 */
import { isReceived } from '../types.ts';

export class SampleHistory {
  readonly #samples: Float32Array;
  readonly #mask: number;
  #end = 0;
  #started = false;

  /** @param capacity a power of two */
  constructor(capacity: number) {
    this.#samples = new Float32Array(capacity).fill(Number.NaN);
    this.#mask = capacity - 1;
  }

  /** One past the newest sample. */
  get end(): number {
    return this.#end;
  }

  /** The oldest sample still held. */
  get start(): number {
    return Math.max(0, this.#end - this.#samples.length);
  }

  /** Appends `count` samples whose first has index `first`; indices skipped since the last call were lost. */
  push(lead: Float32Array, count: number, first: number): void {
    if (!this.#started) {
      this.#started = true;
      this.#end = first;
    }
    const capacity = this.#samples.length;
    if (first - this.#end >= capacity) {
      this.#samples.fill(Number.NaN);
      this.#end = first;
    }
    while (this.#end < first) this.#samples[this.#end++ & this.#mask] = Number.NaN;
    for (let i = this.#end - first; i < count; i++) {
      const value = lead[i]!;
      this.#samples[this.#end++ & this.#mask] = isReceived(value) ? value : Number.NaN;
    }
  }

  /** NaN when it was lost, is too old, or has not come yet. */
  at(index: number): number {
    if (index < this.start || index >= this.#end) return Number.NaN;
    return this.#samples[index & this.#mask]!;
  }

  /** Copies the `count` samples from index `first` on into `target`; NaN as `at` says it. */
  read(first: number, count: number, target: Float32Array): void {
    const samples = this.#samples;
    const mask = this.#mask;
    const from = Math.max(first, this.start);
    const to = Math.min(first + count, this.#end);
    if (from > first || to < first + count) target.fill(Number.NaN, 0, count);
    for (let index = from; index < to; index++) target[index - first] = samples[index & mask]!;
  }
}
