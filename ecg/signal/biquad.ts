/**
 * Second-order sections by the bilinear transform: Butterworth low-pass and high-pass, and a notch (R. Bristow-Johnson,
 * "Cookbook formulae for audio EQ biquad filter coefficients"). In all three the last coefficient of the input is the first.
 * A lost sample (NaN) is taken as the one before it: a recursive filter that let one in would say NaN for ever after.
 */
import { isReceived } from '../types.ts';

export interface Coefficients {
  readonly b0: number;
  readonly b1: number;
  readonly a1: number;
  readonly a2: number;
}

/** @param cutoff as a fraction of the sampling rate */
export function lowPass(cutoff: number): Coefficients {
  const k = Math.tan(Math.PI * cutoff);
  const norm = 1 / (1 + Math.SQRT2 * k + k * k);
  const b0 = k * k * norm;
  return { b0, b1: 2 * b0, ...butterworthPoles(k, norm) };
}

/** @param cutoff as a fraction of the sampling rate */
export function highPass(cutoff: number): Coefficients {
  const k = Math.tan(Math.PI * cutoff);
  const norm = 1 / (1 + Math.SQRT2 * k + k * k);
  return { b0: norm, b1: -2 * norm, ...butterworthPoles(k, norm) };
}

function butterworthPoles(k: number, norm: number): { readonly a1: number; readonly a2: number } {
  return { a1: 2 * (k * k - 1) * norm, a2: (1 - Math.SQRT2 * k + k * k) * norm };
}

/**
 * @param centre as a fraction of the sampling rate
 * @param quality the centre over the width
 */
export function notch(centre: number, quality: number): Coefficients {
  const omega = 2 * Math.PI * centre;
  const alpha = Math.sin(omega) / (2 * quality);
  const a1 = (-2 * Math.cos(omega)) / (1 + alpha);
  return { b0: 1 / (1 + alpha), b1: a1, a1, a2: (1 - alpha) / (1 + alpha) };
}

export class Biquad {
  readonly #b0: number;
  readonly #b1: number;
  readonly #a1: number;
  readonly #a2: number;
  #x1 = 0;
  #x2 = 0;
  #y1 = 0;
  #y2 = 0;

  constructor({ b0, b1, a1, a2 }: Coefficients) {
    this.#b0 = b0;
    this.#b1 = b1;
    this.#a1 = a1;
    this.#a2 = a2;
  }

  /**
   * As if the input had been `input` for ever.
   * @returns the output that goes with it: 0 of a high-pass, the input itself of the others
   */
  settleAt(input: number): number {
    const value = isReceived(input) ? input : 0;
    const gain = (2 * this.#b0 + this.#b1) / (1 + this.#a1 + this.#a2);
    this.#x1 = value;
    this.#x2 = value;
    this.#y1 = value * gain;
    this.#y2 = this.#y1;
    return this.#y1;
  }

  push(input: number): number {
    const value = isReceived(input) ? input : this.#x1;
    const result =
      this.#b0 * (value + this.#x2) + this.#b1 * this.#x1 - this.#a1 * this.#y1 - this.#a2 * this.#y2;
    this.#x2 = this.#x1;
    this.#x1 = value;
    this.#y2 = this.#y1;
    this.#y1 = result;
    return result;
  }

  /** As `push` of the first `count` values, one after the other, in place. */
  run(values: Float64Array, count: number): void {
    const b0 = this.#b0;
    const b1 = this.#b1;
    const a1 = this.#a1;
    const a2 = this.#a2;
    let x1 = this.#x1;
    let x2 = this.#x2;
    let y1 = this.#y1;
    let y2 = this.#y2;
    for (let i = 0; i < count; i++) {
      const input = values[i]!;
      const value = isReceived(input) ? input : x1;
      const result = b0 * (value + x2) + b1 * x1 - a1 * y1 - a2 * y2;
      x2 = x1;
      x1 = value;
      y2 = y1;
      y1 = result;
      values[i] = result;
    }
    this.#x1 = x1;
    this.#x2 = x2;
    this.#y1 = y1;
    this.#y2 = y2;
  }
}
