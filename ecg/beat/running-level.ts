import { lowerMedianOf } from '../median.ts';
import { LEAST_DEVIATION_MV, type Level } from './level.ts';
import type { SampleHistory } from './sample-history.ts';

/** Two seconds: every block of a living patient above 30 beats a minute holds a QRS. */
const LEVEL_BLOCK_SAMPLES = 720;
/** 32 seconds: longer than an artifact, shorter than the drift of an electrode. */
const LEVEL_BLOCKS = 16;
/** Blocks remembered: a level is asked for at a peak, up to a history (11 blocks) behind the newest sample. */
const REMEMBERED_BLOCKS = 32;

/**
 * The causal level of a signal: the medians of the means and of the deviations of the last sixteen whole
 * two-second blocks. Medians, because one burst of motion must not shrink the next half minute of beats.
 *
 * Blocks start at multiples of 720 samples, so the level at a sample depends on nothing but the signal before
 * it, however it was cut into chunks.
 */
export class RunningLevel {
  readonly #means = new Float64Array(REMEMBERED_BLOCKS);
  readonly #deviations = new Float64Array(REMEMBERED_BLOCKS);
  readonly #ends = new Float64Array(REMEMBERED_BLOCKS);
  readonly #sorted = new Float64Array(LEVEL_BLOCKS);
  readonly #history: SampleHistory;
  #stored = 0;
  #nextBlock = 0;

  constructor(history: SampleHistory) {
    this.#history = history;
  }

  /** Takes in the blocks that the history has completed since the last call: call it after every push. */
  advance(): void {
    const oldest = Math.ceil(this.#history.start / LEVEL_BLOCK_SAMPLES);
    if (this.#nextBlock < oldest) this.#nextBlock = oldest;
    while ((this.#nextBlock + 1) * LEVEL_BLOCK_SAMPLES <= this.#history.end) {
      const start = this.#nextBlock * LEVEL_BLOCK_SAMPLES;
      this.#nextBlock++;
      const level = this.#measure(start, start + LEVEL_BLOCK_SAMPLES);
      // A flat line is no level of a living signal: sixteen blocks of it would show the beats after it a thousandfold.
      if (level === null || level.deviation < LEAST_DEVIATION_MV) continue;
      const slot = this.#stored++ % REMEMBERED_BLOCKS;
      this.#means[slot] = level.mean;
      this.#deviations[slot] = level.deviation;
      this.#ends[slot] = start + LEVEL_BLOCK_SAMPLES;
    }
  }

  /** The level known at `sample`; before the first whole block, that of what there is. */
  at(sample: number): Level {
    const mean = this.#medianBefore(sample, this.#means);
    const deviation = this.#medianBefore(sample, this.#deviations);
    if (mean !== null && deviation !== null) {
      return { mean, deviation: Math.max(LEAST_DEVIATION_MV, deviation) };
    }
    const start = Math.max(this.#history.start, sample - LEVEL_BLOCK_SAMPLES);
    const level = this.#measure(start, sample) ?? { mean: 0, deviation: 1 };
    return { mean: level.mean, deviation: Math.max(LEAST_DEVIATION_MV, level.deviation) };
  }

  #medianBefore(sample: number, values: Float64Array): number | null {
    let count = 0;
    const oldest = Math.max(0, this.#stored - REMEMBERED_BLOCKS);
    for (let block = this.#stored - 1; block >= oldest && count < LEVEL_BLOCKS; block--) {
      const slot = block % REMEMBERED_BLOCKS;
      if (this.#ends[slot]! <= sample) this.#sorted[count++] = values[slot]!;
    }
    return count === 0 ? null : lowerMedianOf(this.#sorted, count);
  }

  /** null when more than half of the stretch was lost. */
  #measure(start: number, end: number): Level | null {
    let count = 0;
    let sum = 0;
    let squares = 0;
    for (let i = start; i < end; i++) {
      const value = this.#history.at(i);
      if (Number.isNaN(value)) continue;
      count++;
      sum += value;
      squares += value * value;
    }
    if (count === 0 || count * 2 < end - start) return null;
    const mean = sum / count;
    return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
  }
}
