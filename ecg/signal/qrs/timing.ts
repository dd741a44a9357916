/** What the detector knows of the rhythm, in steps: when beats were, and how regularly they come. */

import { RunningMedian } from '../running-median.ts';
import { STEP_RATE_HZ } from './bands.ts';

/** Interval assumed before any is known (72 bpm). */
const INITIAL_INTERVAL = Math.round(0.833 * STEP_RATE_HZ);
/** Longer pauses count as this long: 3 s is a pause by any definition. */
const LONGEST_INTERVAL = 3 * STEP_RATE_HZ;
/** Before the first beat, as if the last had been this long ago. */
const UNKNOWN_INTERVAL = 8 * STEP_RATE_HZ;

export class QrsTiming {
  readonly #intervals = new RunningMedian();
  last = -UNKNOWN_INTERVAL;
  #hasLast = false;
  previous = INITIAL_INTERVAL;
  beforePrevious = INITIAL_INTERVAL;
  beats = 0;

  begin(step: number): void {
    this.#intervals.fill(INITIAL_INTERVAL);
    this.previous = INITIAL_INTERVAL;
    this.beforePrevious = INITIAL_INTERVAL;
    this.beats = 0;
    this.#hasLast = false;
    this.last = step - UNKNOWN_INTERVAL;
  }

  /** Median interval of the last beats. */
  get interval(): number {
    return this.#intervals.value;
  }

  /** Mean distance of the last intervals from their median, as a share of it. */
  get irregularity(): number {
    return this.#intervals.spread / this.#intervals.value;
  }

  get hasBeat(): boolean {
    return this.#hasLast;
  }

  acceptBeat(n: number): void {
    if (this.#hasLast) {
      const interval = Math.min(n - this.last, LONGEST_INTERVAL);
      this.beforePrevious = this.previous;
      this.previous = interval;
      this.#intervals.push(interval);
    }
    this.last = n;
    this.#hasLast = true;
    this.beats++;
  }
}
