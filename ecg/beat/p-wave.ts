/**
 * The stretch before the QRS where the P wave lies, compared with the patient's own. A supraventricular premature beat
 * has another P wave, or one hidden in the T wave before it; atrial fibrillation has none that repeats.
 *
 * The stretch is 0.26 to 0.06 s before the R peak, smoothed over 6 samples (one cycle of 60 Hz at 360 Hz), every third
 * sample, without its mean and slope, so that neither the wandering baseline nor the end of a T wave counts.
 */
import type { SampleHistory } from './sample-history.ts';

const STEP = 3;
const SMOOTHED = 6;
const POINTS = 24;
/** The template may lie 2 points (17 ms) to either side: detectors place peaks that differently. */
const MARGIN = 2;
const STRETCH = POINTS + 2 * MARGIN;
/** First sample of the stretch, with its margin, relative to the peak. */
const FIRST = -100;
/** Beats after which a new one counts no less: a template follows the patient within a quarter of a minute. */
const SLOWEST = 16;
const LARGEST_GAIN = 3;
/** Beats on time that say whether there are P waves at all. */
const PRESENCE_BEATS = 24;

export class PWave {
  /** -1 to 1: how far the last stretch repeats the patient's; 0 while there is none, or where samples were lost. */
  likeness = 0;
  /** The patient's P wave in the last stretch: 1 as large as usual, 0 absent. */
  gain = 0;
  /**
   * Mean likeness of the beats that came on time: near 1 where every such beat has the same P wave, near 0.5 in atrial
   * fibrillation, in which what lies there never repeats.
   */
  presence = 0;
  readonly #template = new Float64Array(POINTS);
  readonly #samples = new Float32Array(STEP * (STRETCH - 1) + SMOOTHED);
  readonly #stretch = new Float64Array(STRETCH);
  readonly #straight = new Float64Array(POINTS);
  readonly #best = new Float64Array(POINTS);
  #count = 0;
  #noticed = 0;
  #isKnown = false;

  /** Root mean square of the patient's P stretch, in deviations of the signal. */
  get size(): number {
    let squares = 0;
    for (const value of this.#template) squares += value * value;
    return Math.sqrt(squares / POINTS);
  }

  /** Compares the stretch before `peak`. */
  measure(history: SampleHistory, peak: number, deviation: number): void {
    this.likeness = 0;
    this.gain = 0;
    this.#isKnown = this.#read(history, peak, deviation);
    if (!this.#isKnown) return;
    let power = 0;
    for (const value of this.#template) power += value * value;
    let highest = Number.NEGATIVE_INFINITY;
    for (let shift = 0; shift <= 2 * MARGIN; shift++) {
      const own = this.#straighten(shift);
      let product = 0;
      for (let i = 0; i < POINTS; i++) product += this.#straight[i]! * this.#template[i]!;
      const likeness =
        this.#count === 0 ? (shift === MARGIN ? 0 : -1) : product / Math.sqrt(own * power + 1e-9);
      if (likeness <= highest) continue;
      highest = likeness;
      this.#best.set(this.#straight);
      this.gain = Math.max(-1, Math.min(LARGEST_GAIN, product / (power + 1e-6)));
    }
    this.likeness = this.#count === 0 ? 0 : Math.max(-1, highest);
    if (this.#count === 0) this.gain = 0;
  }

  /** There was none to measure. */
  forgetStretch(): void {
    this.likeness = 0;
    this.gain = 0;
    this.#isKnown = false;
  }

  /** The stretch measured last counts for whether there are P waves. */
  notice(): void {
    if (!this.#isKnown) return;
    this.#noticed = Math.min(this.#noticed + 1, PRESENCE_BEATS);
    this.presence += (this.likeness - this.presence) / this.#noticed;
  }

  /** The stretch measured last becomes part of the patient's. */
  learn(): void {
    if (!this.#isKnown) return;
    this.#count = Math.min(this.#count + 1, SLOWEST);
    for (let i = 0; i < POINTS; i++)
      this.#template[i]! += (this.#best[i]! - this.#template[i]!) / this.#count;
  }

  /** @returns false where a sample was lost */
  #read(history: SampleHistory, peak: number, deviation: number): boolean {
    const samples = this.#samples;
    history.read(peak + FIRST, samples.length, samples);
    for (let i = 0; i < STRETCH; i++) {
      let sum = 0;
      for (let k = STEP * i; k < STEP * i + SMOOTHED; k++) sum += samples[k]!;
      this.#stretch[i] = sum / SMOOTHED / deviation;
      if (Number.isNaN(sum)) return false;
    }
    return true;
  }

  /** Takes the points from `shift`, without mean and slope. @returns the sum of their squares */
  #straighten(shift: number): number {
    const stretch = this.#stretch;
    const straight = this.#straight;
    let sum = 0;
    let moment = 0;
    const middle = (POINTS - 1) / 2;
    for (let i = 0; i < POINTS; i++) {
      const value = stretch[shift + i]!;
      sum += value;
      moment += (i - middle) * value;
    }
    const mean = sum / POINTS;
    const slope = (12 * moment) / (POINTS * (POINTS * POINTS - 1));
    let squares = 0;
    for (let i = 0; i < POINTS; i++) {
      const value = stretch[shift + i]! - mean - slope * (i - middle);
      straight[i] = value;
      squares += value * value;
    }
    return squares;
  }
}
