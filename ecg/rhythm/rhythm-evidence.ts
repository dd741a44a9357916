/**
 * What the rhythm network said of late: the mean of its probabilities over the last seconds. One estimate is a guess, and
 * what is dangerous lasts. Unknown where there is no network, or where it fell behind.
 */
import {
  RHYTHM_CLASSES,
  RHYTHM_STEP_SECONDS,
  type RhythmClass,
  type RhythmEstimate,
} from './rhythm-estimate.ts';

/** The longest mean that may be asked for. */
const LONGEST_SECONDS = 8;
const KEPT = LONGEST_SECONDS / RHYTHM_STEP_SECONDS;
/** Estimates older than this say nothing of now. */
const STALE_SECONDS = 2;
/** A window of which more was lost is not looked at. */
const LEAST_RECEIVED = 0.6;

export class RhythmEvidence {
  readonly #rateHz: number;
  readonly #probabilities = new Float32Array(KEPT * RHYTHM_CLASSES.length);
  #count = 0;
  #next = 0;
  #latest = Number.NEGATIVE_INFINITY;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  push({ sample, probabilities, received }: RhythmEstimate): void {
    if (received < LEAST_RECEIVED) return;
    // What was said before a break in the estimates is not of the same rhythm.
    if (sample - this.#latest > STALE_SECONDS * this.#rateHz) this.#count = 0;
    this.#latest = sample;
    this.#probabilities.set(probabilities, this.#next * RHYTHM_CLASSES.length);
    this.#next = (this.#next + 1) % KEPT;
    if (this.#count < KEPT) this.#count += 1;
  }

  isKnown(now: number): boolean {
    return this.#count > 0 && now - this.#latest <= STALE_SECONDS * this.#rateHz;
  }

  /** The mean probability of a class over the last `seconds`, or over what there is of them; 0 when nothing is. */
  mean(name: RhythmClass, seconds: number): number {
    const wanted = Math.min(this.#count, Math.max(1, Math.round(seconds / RHYTHM_STEP_SECONDS)));
    const column = RHYTHM_CLASSES.indexOf(name);
    let sum = 0;
    for (let age = 1; age <= wanted; age += 1) {
      sum += this.#probabilities[((this.#next - age + KEPT) % KEPT) * RHYTHM_CLASSES.length + column]!;
    }
    return wanted === 0 ? 0 : sum / wanted;
  }
}
