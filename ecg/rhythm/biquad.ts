/**
 * Second-order Butterworth section by the bilinear transform. A lost sample (NaN) is taken as the one before it: a
 * recursive filter that let one in would say NaN for ever after.
 */
import { isReceived } from '../types.ts';

export class Biquad {
  readonly #b0: number;
  readonly #b1: number;
  readonly #a1: number;
  readonly #a2: number;
  #x1 = 0;
  #x2 = 0;
  #y1 = 0;
  #y2 = 0;

  /** @param cutoff as a fraction of the sampling rate. */
  constructor(kind: 'low' | 'high', cutoff: number) {
    const k = Math.tan(Math.PI * cutoff);
    const norm = 1 / (1 + Math.SQRT2 * k + k * k);
    this.#b0 = kind === 'low' ? k * k * norm : norm;
    this.#b1 = kind === 'low' ? 2 * this.#b0 : -2 * this.#b0;
    this.#a1 = 2 * (k * k - 1) * norm;
    this.#a2 = (1 - Math.SQRT2 * k + k * k) * norm;
  }

  reset(): void {
    this.settleAt(0);
  }

  /** As if the input had been `value` for ever (for the high-pass: its output is 0). */
  settleAt(input: number): void {
    const value = isReceived(input) ? input : 0;
    this.#x1 = value;
    this.#x2 = value;
    this.#y1 = 0;
    this.#y2 = 0;
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
}
