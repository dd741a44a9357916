/**
 * The last seconds of the analysed lead, filtered to 1 to 20 Hz and decimated to about 90 Hz: what the waveform
 * rule looks at. Nothing is allocated per sample.
 */

import { Biquad, highPass, lowPass } from '../signal/biquad.ts';

const LOW_HZ = 1;
const HIGH_HZ = 20;
const TARGET_RATE_HZ = 90;
/** The 1 Hz high-pass needs this long after a restart before its output means something. */
const FILTER_SETTLING_SECONDS = 1;

export class WaveformWindow {
  /** Samples per second after decimation. */
  readonly rateHz: number;
  readonly length: number;
  readonly #decimation: number;
  readonly #ring: Float64Array;
  readonly #highPass: Biquad;
  readonly #lowPass: Biquad;
  #seen = 0;
  #next = 0;
  #filled = 0;

  constructor(rateHz: number, seconds: number) {
    this.#decimation = Math.max(1, Math.round(rateHz / TARGET_RATE_HZ));
    this.rateHz = rateHz / this.#decimation;
    this.length = Math.round(seconds * this.rateHz);
    this.#ring = new Float64Array(this.length);
    this.#highPass = new Biquad(highPass(LOW_HZ / rateHz));
    this.#lowPass = new Biquad(lowPass(HIGH_HZ / rateHz));
  }

  get full(): boolean {
    return this.#filled >= this.length + FILTER_SETTLING_SECONDS * this.rateHz;
  }

  reset(): void {
    this.#seen = 0;
    this.#filled = 0;
    this.#highPass.settleAt(0);
    this.#lowPass.settleAt(0);
  }

  push(valueMv: number): void {
    if (this.#seen === 0) this.#highPass.settleAt(valueMv);
    const filtered = this.#lowPass.push(this.#highPass.push(valueMv));
    this.#seen += 1;
    if (this.#seen % this.#decimation !== 0) return;
    this.#ring[this.#next] = filtered;
    this.#next = (this.#next + 1) % this.length;
    this.#filled += 1;
  }

  /** Oldest first. */
  copyTo(target: Float64Array): void {
    const tail = this.length - this.#next;
    target.set(this.#ring.subarray(this.#next), 0);
    target.set(this.#ring.subarray(0, this.#next), tail);
  }
}
