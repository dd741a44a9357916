/**
 * Whether a lead is connected and alive: electrode contact, a dead line, a converter at its limit. It says nothing of
 * noise or of beats. A quiet lead is alive: between two slow beats, and in a heart that stands still, what is left is
 * microvolts of noise, and whoever takes that for a dead lead is silent when the patient is.
 */
import { isReceived, LEAD_OFF_FLAGS, type LeadQuality, SampleFlag } from '../types.ts';

/** Below a tenth of a microvolt, in millivolts, nothing moves: every amplifier with a patient on it makes more noise. */
const DEAD_RANGE_MV = 1e-4;
/** A line is dead when it stood still for longer than the longest pause a heart comes back from by itself (10 s). */
const DEAD_BLOCKS = 100;
/** Without any sample for a second the lead carries no signal. */
const LOST_BLOCKS = 10;
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
  #present = 0;
  /** Blocks in a row without movement, and without samples. */
  #still = 0;
  #lost = 0;
  /** Where the line has stood since it stands still. */
  #stillLow = 0;
  #stillHigh = 0;

  restart(): void {
    this.#blocks = 0;
    this.#alike = 0;
    this.#still = 0;
    this.#lost = 0;
    this.#clearBlock();
  }

  /** Lost samples are NaN: they neither move the lead nor hold it. */
  add(values: Float32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      if (!isReceived(value)) continue;
      this.#present++;
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
    this.#followStillness();
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
    return this.#still >= DEAD_BLOCKS || this.#lost >= LOST_BLOCKS ? 'flat' : 'good';
  }

  /** For how many blocks the lead has been as it is now: dead, or without samples. */
  get deadBlocks(): number {
    return Math.max(this.#still, this.#lost);
  }

  #followStillness(): void {
    if (this.#present === 0) {
      this.#lost++;
      return;
    }
    this.#lost = 0;
    const low = this.#still === 0 ? this.#blockLow : Math.min(this.#stillLow, this.#blockLow);
    const high = this.#still === 0 ? this.#blockHigh : Math.max(this.#stillHigh, this.#blockHigh);
    if (high - low < DEAD_RANGE_MV) {
      this.#still++;
      this.#stillLow = low;
      this.#stillHigh = high;
    } else this.#still = 0;
  }

  #clearBlock(): void {
    this.#blockLow = Number.POSITIVE_INFINITY;
    this.#blockHigh = Number.NEGATIVE_INFINITY;
    this.#blockLength = 0;
    this.#longestAlike = 0;
    this.#present = 0;
  }
}
