/** Range and mains hum of one lead, by the Goertzel recursion at 50 and 60 Hz over one-second blocks. */

import { pulseHeight } from '@rhythmd/ecg/boards/calibration.ts';

const MAINS_HZ = [50, 60] as const;

export interface LeadReading {
  readonly name: string;
  /** Largest minus smallest value, millivolts; null without samples. */
  readonly rangeMv: number | null;
  /** Amplitude of the stronger mains frequency, the median over the blocks; null when the rate is too low. */
  readonly humMv: number | null;
  readonly humHz: number | null;
  /** Height of a test pulse by the present scale, when that is what the lead shows. */
  readonly pulseMv: number | null;
}

/** A minute at 1000 Hz is enough of a square wave. */
const KEPT_VALUES = 60_000;

export class LeadFigures {
  readonly #name: string;
  readonly #block: number;
  readonly #coefficients: readonly number[];
  readonly #amplitudes: number[][];
  readonly #s1: number[];
  readonly #s2: number[];
  readonly #kept: number[] = [];
  #inBlock = 0;
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;

  constructor(name: string, rateHz: number) {
    // A whole number of periods of both frequencies.
    this.#name = name;
    this.#block = Math.round(rateHz);
    const measurable = MAINS_HZ.filter((hz) => hz < 0.45 * rateHz);
    this.#coefficients = measurable.map((hz) => 2 * Math.cos((2 * Math.PI * hz) / rateHz));
    this.#amplitudes = measurable.map(() => []);
    this.#s1 = measurable.map(() => 0);
    this.#s2 = measurable.map(() => 0);
  }

  push(lead: Float32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const value = lead[i]!;
      if (this.#kept.length < KEPT_VALUES) this.#kept.push(value);
      this.#low = Math.min(this.#low, value);
      this.#high = Math.max(this.#high, value);
      for (let k = 0; k < this.#coefficients.length; k++) {
        const next = value + this.#coefficients[k]! * this.#s1[k]! - this.#s2[k]!;
        this.#s2[k] = this.#s1[k]!;
        this.#s1[k] = next;
      }
      if (++this.#inBlock === this.#block) this.#endBlock();
    }
  }

  reading(): LeadReading {
    const medians = this.#amplitudes.map(median);
    const strongest = Math.max(...medians.map((value) => value ?? -1));
    const at = medians.indexOf(strongest);
    return {
      name: this.#name,
      rangeMv: this.#high >= this.#low ? this.#high - this.#low : null,
      humMv: at < 0 ? null : strongest,
      humHz: at < 0 ? null : MAINS_HZ[at]!,
      pulseMv: pulseHeight(Float32Array.from(this.#kept)),
    };
  }

  #endBlock(): void {
    for (let k = 0; k < this.#coefficients.length; k++) {
      const s1 = this.#s1[k]!;
      const s2 = this.#s2[k]!;
      const power = s1 * s1 + s2 * s2 - this.#coefficients[k]! * s1 * s2;
      this.#amplitudes[k]!.push((2 * Math.sqrt(Math.max(0, power))) / this.#block);
      this.#s1[k] = 0;
      this.#s2[k] = 0;
    }
    this.#inBlock = 0;
  }
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
