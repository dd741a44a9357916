/**
 * How much of a lead's movement is its baseline's: the variance of one-second means over the variance of the samples,
 * both over the last four seconds. A heart moves a lead within its beats, and its means hardly; a moving electrode moves
 * everything. 0: nothing but beats; towards 1: nothing but baseline.
 */

import { isReceived } from '../types.ts';

/** Blocks of 100 ms: the mean is over a second, both variances over four. */
const MEAN_BLOCKS = 10;
const WINDOW_BLOCKS = 40;
/** A lead that moves less than this, in millivolts, has no baseline to speak of. */
const LEAST_DEVIATION_MV = 1e-3;

export class BaselineShare {
  /** Of the last blocks: mean, mean of squares, and the mean of the last second. NaN where all samples were lost. */
  readonly #means = new Float64Array(WINDOW_BLOCKS);
  readonly #squares = new Float64Array(WINDOW_BLOCKS);
  readonly #slow = new Float64Array(WINDOW_BLOCKS);
  #blocks = 0;

  restart(): void {
    this.#blocks = 0;
  }

  /** One block of 100 ms, millivolts; lost samples are NaN. */
  pushBlock(values: Float32Array, count: number): void {
    let sum = 0;
    let squares = 0;
    let present = 0;
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      if (!isReceived(value)) continue;
      present++;
      sum += value;
      squares += value * value;
    }
    const at = this.#blocks % WINDOW_BLOCKS;
    const before = this.#blocks === 0 ? 0 : this.#means[(at + WINDOW_BLOCKS - 1) % WINDOW_BLOCKS]!;
    // A lost block is held, as everywhere.
    this.#means[at] = present === 0 ? before : sum / present;
    this.#squares[at] = present === 0 ? before * before : squares / present;
    this.#blocks++;
    this.#slow[at] = this.#lastSecond();
  }

  /** 0 until four seconds are known. */
  get share(): number {
    if (this.#blocks < WINDOW_BLOCKS + MEAN_BLOCKS) return 0;
    let sum = 0;
    let squares = 0;
    let slowSum = 0;
    let slowSquares = 0;
    for (let i = 0; i < WINDOW_BLOCKS; i++) {
      sum += this.#means[i]!;
      squares += this.#squares[i]!;
      slowSum += this.#slow[i]!;
      slowSquares += this.#slow[i]! ** 2;
    }
    const variance = squares / WINDOW_BLOCKS - (sum / WINDOW_BLOCKS) ** 2;
    if (variance < LEAST_DEVIATION_MV ** 2) return 0;
    return Math.max(0, slowSquares / WINDOW_BLOCKS - (slowSum / WINDOW_BLOCKS) ** 2) / variance;
  }

  #lastSecond(): number {
    const known = Math.min(this.#blocks, MEAN_BLOCKS);
    let sum = 0;
    for (let age = 1; age <= known; age++) sum += this.#means[(this.#blocks - age) % WINDOW_BLOCKS]!;
    return sum / known;
  }
}
