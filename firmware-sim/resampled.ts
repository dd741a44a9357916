/**
 * A patient's leads at the rate a board samples at. Windowed-sinc interpolation on the whole record, kept
 * apart from the daemon's own resampler so that one does not hide the other's faults.
 */

import type { PlayedLead } from './patient.ts';

/** Zero crossings of the sinc on each side: stop band below -60 dB with a Blackman window. */
const HALF_WIDTH = 16;
const PHASES = 512;

export class Resampled {
  readonly length: number;
  readonly #lead: PlayedLead;
  /** Input samples per output sample. */
  readonly #step: number;
  readonly #taps: number;
  readonly #kernel: Float64Array | null;

  constructor(lead: PlayedLead, inputRateHz: number, outputRateHz: number) {
    this.#lead = lead;
    this.#step = inputRateHz / outputRateHz;
    this.length = Math.floor(lead.length / this.#step);
    const stretch = Math.max(1, this.#step);
    this.#taps = Math.ceil(HALF_WIDTH * stretch);
    this.#kernel = inputRateHz === outputRateHz ? null : makeKernel(this.#taps, stretch);
  }

  /** Output sample `index`; beyond the ends the first and last input samples go on. */
  at(index: number): number {
    if (this.#kernel === null) return this.#lead.at(index) ?? 0;
    const position = index * this.#step;
    const whole = Math.floor(position);
    const phase = Math.round((position - whole) * PHASES);
    const last = this.#lead.length - 1;
    const width = 2 * this.#taps;
    let sum = 0;
    for (let k = 0; k < width; k++) {
      const source = whole - this.#taps + 1 + k;
      const clamped = Math.max(0, Math.min(last, source));
      sum += this.#lead.at(clamped)! * this.#kernel[phase * width + k]!;
    }
    return sum;
  }
}

/** Rows of taps for each fraction of an input sample, each summing to 1. */
function makeKernel(taps: number, stretch: number): Float64Array {
  const width = 2 * taps;
  const kernel = new Float64Array((PHASES + 1) * width);
  for (let phase = 0; phase <= PHASES; phase++) {
    let sum = 0;
    for (let k = 0; k < width; k++) {
      const distance = k - taps + 1 - phase / PHASES;
      const x = distance / stretch;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      const w = distance / taps;
      const blackman =
        Math.abs(w) >= 1 ? 0 : 0.42 + 0.5 * Math.cos(Math.PI * w) + 0.08 * Math.cos(2 * Math.PI * w);
      sum += kernel[phase * width + k] = sinc * blackman;
    }
    for (let k = 0; k < width; k++) kernel[phase * width + k]! /= sum;
  }
  return kernel;
}
