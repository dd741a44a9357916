/** Whether a lead carries an ECG at all: electrode contact, a straight line, a converter at its limit. */
import { LEAD_OFF_FLAGS, type LeadQuality, SampleFlag } from '../types.ts';

/** A lead that moves less than this within a second, in millivolts, carries no ECG (IEC 60601-2-47: 50 uV). */
const FLAT_RANGE_MV = 0.05;
/** Blocks of 100 ms that make a second. */
const WINDOW_BLOCKS = 10;
/** Samples alike in a row for this long (150 ms) at the edge of the range ever seen: the converter's limit. */
const SATURATED_BLOCKS = 1.5;
/** and that far from the middle of the second before, in millivolts. */
const SATURATED_DEPTH_MV = 1;
/** No heart makes this range on the skin, in millivolts: the input amplifier is recovering. */
const BLOCKED_RANGE_MV = 20;

/** One lead, looked at in blocks of 100 ms. */
export class Contact {
  readonly #low = new Float32Array(WINDOW_BLOCKS);
  readonly #high = new Float32Array(WINDOW_BLOCKS);
  #blocks = 0;
  #blockLow = Number.POSITIVE_INFINITY;
  #blockHigh = Number.NEGATIVE_INFINITY;
  #blockLength = 0;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;
  #value = Number.NaN;
  #alike = 0;
  #longestAlike = 0;

  restart(): void {
    this.#blocks = 0;
    this.#alike = 0;
    this.#clearBlock();
  }

  add(values: Float32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      if (value < this.#blockLow) this.#blockLow = value;
      if (value > this.#blockHigh) this.#blockHigh = value;
      if (value === this.#value) this.#alike++;
      else {
        if (this.#alike > this.#longestAlike) this.#longestAlike = this.#alike;
        this.#alike = 0;
        this.#value = value;
      }
    }
    this.#blockLength += to - from;
  }

  /** The state at the end of a block; `good` says nothing about noise. */
  closeBlock(flags: number): LeadQuality {
    const alike = Math.max(this.#alike, this.#longestAlike);
    const limit = SATURATED_BLOCKS * this.#blockLength;
    const edge = this.#value;
    if (this.#blockLow < this.#lowest) this.#lowest = this.#blockLow;
    if (this.#blockHigh > this.#highest) this.#highest = this.#blockHigh;
    this.#low[this.#blocks % WINDOW_BLOCKS] = this.#blockLow;
    this.#high[this.#blocks % WINDOW_BLOCKS] = this.#blockHigh;
    this.#blocks++;
    this.#clearBlock();
    if ((flags & LEAD_OFF_FLAGS) !== 0) return 'off';
    if ((flags & SampleFlag.saturated) !== 0) return 'saturated';
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < Math.min(this.#blocks, WINDOW_BLOCKS); i++) {
      if (this.#low[i]! < low) low = this.#low[i]!;
      if (this.#high[i]! > high) high = this.#high[i]!;
    }
    const isAtEdge = edge === this.#lowest || edge === this.#highest;
    const depth = Math.abs(edge - (low + high) / 2);
    if (alike >= limit && isAtEdge && depth > SATURATED_DEPTH_MV) return 'saturated';
    if (high - low > BLOCKED_RANGE_MV) return 'saturated';
    if (this.#blocks < WINDOW_BLOCKS) return 'settling';
    return high - low < FLAT_RANGE_MV ? 'flat' : 'good';
  }

  #clearBlock(): void {
    this.#blockLow = Number.POSITIVE_INFINITY;
    this.#blockHigh = Number.NEGATIVE_INFINITY;
    this.#blockLength = 0;
    this.#longestAlike = 0;
  }
}
