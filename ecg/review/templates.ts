/** The mean beat of each class, and how far the beats stray from it: what the classifier called alike should look alike. */
import type { BeatLabel } from '../types.ts';

export interface BeatTemplate {
  readonly label: BeatLabel;
  /** Beats of the class in the stretch, and how many of them the mean was made of. */
  readonly count: number;
  readonly used: number;
  /** Seconds of the first value before R, and between values. */
  readonly before_s: number;
  readonly step_s: number;
  /** Millivolts. */
  readonly mean: number[];
  readonly deviation: number[];
}

const BEFORE_S = 0.3;
const AFTER_S = 0.5;
/** The PR segment, taken as zero: 0.12 to 0.06 s before R. */
const ZERO_FROM_S = 0.12;
const ZERO_TO_S = 0.06;

/** At most `most` of them, from beginning to end. */
export function evenly<T>(all: readonly T[], most: number): T[] {
  const stride = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, i) => i % stride === 0);
}

/** The mean of beats that come one after the other, from whichever piece of signal each lies in. */
export class TemplateSum {
  readonly #rateHz: number;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  #used = 0;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
    const length = this.before + Math.round(AFTER_S * rateHz);
    this.#sums = new Float64Array(length);
    this.#squares = new Float64Array(length);
  }

  /** Samples of signal before R that a beat needs; and in all. */
  get before(): number {
    return Math.round(BEFORE_S * this.#rateHz);
  }

  get length(): number {
    return this.#sums.length;
  }

  get used(): number {
    return this.#used;
  }

  /** One that is not whole in the signal is passed over. @param signal millivolts; @param r place of the R wave in it */
  add(signal: Float32Array, r: number): void {
    const start = r - this.before;
    const { length } = this;
    const zero = zeroLevel(signal, r, this.#rateHz);
    if (start < 0 || start + length > signal.length || Number.isNaN(zero)) return;
    if (signal.subarray(start, start + length).some(Number.isNaN)) return;
    for (let k = 0; k < length; k++) {
      const value = signal[start + k]! - zero;
      this.#sums[k]! += value;
      this.#squares[k]! += value * value;
    }
    this.#used++;
  }

  /** @param count beats that it stands for; null when none could be used */
  build(label: BeatLabel, count: number): BeatTemplate | null {
    const used = this.#used;
    if (used === 0) return null;
    const mean = Array.from(this.#sums, (sum) => sum / used);
    const deviation = mean.map((value, k) =>
      Math.sqrt(Math.max(0, this.#squares[k]! / used - value * value)),
    );
    return {
      label,
      count,
      used,
      before_s: this.before / this.#rateHz,
      step_s: 1 / this.#rateHz,
      mean: mean.map(toMicrovolt),
      deviation: deviation.map(toMicrovolt),
    };
  }
}

function zeroLevel(lead: Float32Array, r: number, rateHz: number): number {
  const from = r - Math.round(ZERO_FROM_S * rateHz);
  const to = r - Math.round(ZERO_TO_S * rateHz);
  let sum = 0;
  for (let i = from; i < to; i++) sum += lead[i] ?? Number.NaN;
  return sum / (to - from);
}

function toMicrovolt(millivolts: number): number {
  return Math.round(millivolts * 1000) / 1000;
}
