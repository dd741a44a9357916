/**
 * How irregular a series of RR intervals is, by two published measures:
 *
 * - variation: the median absolute difference of neighbouring intervals over the median interval, a robust form
 *   of RMSSD / mean RR, for which Dash et al. 2009 use 0.1 as the limit of atrial fibrillation;
 * - entropy: the coefficient of sample entropy (m = 1, r = 30 ms; Lake and Moorman 2011), which is low for rhythms
 *   that are irregular in a regular way (bigeminy, Wenckebach, slow sinus arrhythmia).
 *
 * Only intervals between beats of the same origin enter; a difference is only taken between neighbours.
 */
import { medianOf } from '../median.ts';

const TOLERANCE_SECONDS = 0.03;

export class RrIrregularity {
  readonly #seconds: Float64Array;
  /** 1 where the interval directly follows the one before it in the buffer. */
  readonly #follows: Uint8Array;
  readonly #endSamples: Float64Array;
  readonly #scratch: Float64Array;
  /** Oldest first, for whoever compares each with each. */
  readonly #ordered: Float64Array;
  readonly #orderedFollows: Uint8Array;
  #count = 0;
  #next = 0;

  constructor(capacity: number) {
    this.#seconds = new Float64Array(capacity);
    this.#follows = new Uint8Array(capacity);
    this.#endSamples = new Float64Array(capacity);
    this.#scratch = new Float64Array(capacity);
    this.#ordered = new Float64Array(capacity);
    this.#orderedFollows = new Uint8Array(capacity);
  }

  get full(): boolean {
    return this.#count === this.#seconds.length;
  }

  reset(): void {
    this.#count = 0;
    this.#next = 0;
  }

  push(seconds: number, endSample: number, follows: boolean): void {
    this.#seconds[this.#next] = seconds;
    this.#endSamples[this.#next] = endSample;
    this.#follows[this.#next] = follows ? 1 : 0;
    this.#next = (this.#next + 1) % this.#seconds.length;
    if (this.#count < this.#seconds.length) this.#count += 1;
  }

  /** Where the interval `age` intervals before the newest ended; 0 is the newest. */
  endSampleOf(age: number): number {
    return this.#endSamples[this.#at(this.#count - 1 - age)]!;
  }

  get meanSeconds(): number {
    let sum = 0;
    for (let index = 0; index < this.#count; index += 1) sum += this.#seconds[index]!;
    return sum / this.#count;
  }

  variation(): number {
    let differences = 0;
    for (let index = 1; index < this.#count; index += 1) {
      const at = this.#at(index);
      if (this.#follows[at] === 0) continue;
      this.#scratch[differences] = Math.abs(this.#seconds[at]! - this.#seconds[this.#at(index - 1)]!);
      differences += 1;
    }
    if (differences === 0) return 0;
    const median = medianOf(this.#scratch, differences);
    for (let index = 0; index < this.#count; index += 1) this.#scratch[index] = this.#seconds[index]!;
    return median / medianOf(this.#scratch, this.#count);
  }

  entropy(): number {
    const seconds = this.#ordered;
    const follows = this.#orderedFollows;
    const last = this.#count - 1;
    for (let index = 0; index <= last; index += 1) {
      const at = this.#at(index);
      seconds[index] = this.#seconds[at]!;
      follows[index] = this.#follows[at]!;
    }
    let alike = 0;
    let stayAlike = 0;
    for (let first = 0; first < last; first += 1) {
      if (follows[first + 1] === 0) continue;
      const a = seconds[first]!;
      const afterA = seconds[first + 1]!;
      for (let second = first + 1; second < last; second += 1) {
        if (Math.abs(a - seconds[second]!) >= TOLERANCE_SECONDS || follows[second + 1] === 0) continue;
        alike += 1;
        if (Math.abs(afterA - seconds[second + 1]!) < TOLERANCE_SECONDS) stayAlike += 1;
      }
    }
    // No match at all is maximal irregularity: half a match keeps the logarithm finite.
    const ratio = Math.max(alike, 1) / Math.max(stayAlike, 0.5);
    return Math.log(ratio) + Math.log(2 * TOLERANCE_SECONDS) - Math.log(this.meanSeconds);
  }

  #at(index: number): number {
    const capacity = this.#seconds.length;
    return (this.#next - this.#count + index + 2 * capacity) % capacity;
  }
}
