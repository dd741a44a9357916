/**
 * The RR intervals before the last beats of a patient, and the usual one: what a beat is early or late against. Logarithms
 * in samples of 360 Hz, so that ratios are differences.
 */

/** Beats kept: what the longest mean needs. */
export const KEPT_INTERVALS = 32;
/**
 * The usual RR is the mean over this many beats. The mean of the intervals, not of their logarithms: pauses count as long
 * as they are, so that a heart of which most beats come early still has a usual interval longer than theirs.
 */
const USUAL_BEATS = 300;
/** Before anything is known: 75 a minute. */
export const FIRST_USUAL = 288;

export class RecentIntervals {
  readonly #lnRr = new Float64Array(KEPT_INTERVALS);
  #beats = 0;
  #usual = FIRST_USUAL;
  #lnUsual = Math.log(FIRST_USUAL);
  #followed = 0;

  /** ln of the usual interval. */
  get lnUsual(): number {
    return this.#lnUsual;
  }

  /** Beats that are kept. */
  get count(): number {
    return Math.min(this.#beats, KEPT_INTERVALS);
  }

  /** A beat of which the interval before it, or what stands for it, has this logarithm. */
  push(lnRr: number): void {
    this.#lnRr[this.#beats++ % KEPT_INTERVALS] = lnRr;
  }

  /** The usual interval follows one that is known. */
  follow(rr: number): void {
    this.#followed = Math.min(this.#followed + 1, USUAL_BEATS);
    this.#usual += (rr - this.#usual) / this.#followed;
    this.#lnUsual = Math.log(this.#usual);
  }

  /** ln of the interval before the beat `age` beats ago (0: the last); the usual one where there was none. */
  lnRrAgo(age: number): number {
    return age < this.count ? this.#lnRr[(this.#beats - 1 - age) % KEPT_INTERVALS]! : this.#lnUsual;
  }

  /** Mean logarithm over `count` beats, the latest of them `from` beats ago. */
  meanAgo(from: number, count: number): number {
    let sum = 0;
    for (let age = from; age < from + count; age++) sum += this.lnRrAgo(age);
    return sum / count;
  }

  longestAgo(from: number, count: number): number {
    let longest = Number.NEGATIVE_INFINITY;
    for (let age = from; age < from + count; age++) longest = Math.max(longest, this.lnRrAgo(age));
    return longest;
  }

  /** Mean absolute step from one interval to the next, over the `count` before the last beat's. */
  scatter(count: number): number {
    let sum = 0;
    for (let age = 1; age <= count; age++) sum += Math.abs(this.lnRrAgo(age) - this.lnRrAgo(age + 1));
    return sum / count;
  }
}
