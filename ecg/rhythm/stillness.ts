/**
 * How much of the last seconds a lead stood still: at a rail, held by a recorder, or without samples. A fibrillating heart
 * never does; an amplifier that was shocked or pulled does, and swings between its limits as fibrillation would.
 */

/** Below a tenth of a microvolt nothing moves, in millivolts. */
const STILL_MV = 1e-4;
/** Converters repeat a value for a few samples; this long is no heart. */
const STILL_SECONDS = 0.1;
/** The share fades with this time constant. */
const MEMORY_SECONDS = 2;

export class Stillness {
  readonly #least: number;
  readonly #step: number;
  #value = 0;
  #run = 0;
  #share = 0;

  constructor(rateHz: number) {
    this.#least = STILL_SECONDS * rateHz;
    this.#step = 1 / (MEMORY_SECONDS * rateHz);
  }

  /** 0 to 1. */
  get share(): number {
    return this.#share;
  }

  /** @param valueMv NaN where the sample was lost: that is no movement */
  push(valueMv: number): void {
    if (Math.abs(valueMv - this.#value) >= STILL_MV) {
      this.#run = 0;
      this.#value = valueMv;
    } else this.#run += 1;
    this.#share += ((this.#run > this.#least ? 1 : 0) - this.#share) * this.#step;
  }
}
