import { WINDOW_SAMPLES } from './window.ts';

/** Beats remembered: odd, and long enough that a bigeminy of one minute does not become the typical beat. */
const TYPICAL_BEATS = 21;

/**
 * What a beat of this patient usually looks like: the median, sample by sample, of the last 21 masked beats
 * before this one. A ventricular beat is one that differs from its patient's own, not from everyone's.
 *
 * The values of each sample are kept sorted: a beat costs 1,296 removals and insertions among 21, not as many sorts.
 */
export class TypicalBeat {
  readonly #samples: number;
  /** In order of arrival, a ring. */
  readonly #beats: Float32Array;
  /** The same values, 21 for each sample, ascending. */
  readonly #sorted: Float32Array;
  #remembered = 0;

  /** @param samples of one beat */
  constructor(samples = WINDOW_SAMPLES) {
    this.#samples = samples;
    this.#beats = new Float32Array(TYPICAL_BEATS * samples);
    this.#sorted = new Float32Array(TYPICAL_BEATS * samples);
  }

  /** @param offset where the beat begins in `source` */
  remember(source: Float32Array, offset = 0): void {
    const count = Math.min(this.#remembered, TYPICAL_BEATS);
    const slot = (this.#remembered++ % TYPICAL_BEATS) * this.#samples;
    for (let i = 0; i < this.#samples; i++) {
      // Through the array, so that both are rounded alike.
      const leaving = this.#beats[slot + i]!;
      this.#beats[slot + i] = source[offset + i]!;
      const arriving = this.#beats[slot + i]!;
      this.#replace(i * TYPICAL_BEATS, count, leaving, arriving);
    }
  }

  forget(): void {
    this.#remembered = 0;
  }

  /** Writes one beat; zeros while nothing is remembered. */
  write(target: Float32Array, offset: number): void {
    const count = Math.min(this.#remembered, TYPICAL_BEATS);
    if (count === 0) {
      target.fill(0, offset, offset + this.#samples);
      return;
    }
    const middle = (count - 1) >> 1;
    for (let i = 0; i < this.#samples; i++) target[offset + i] = this.#sorted[i * TYPICAL_BEATS + middle]!;
  }

  /** Inserts a value among `count` sorted ones; when they are all there are, in the place of one that leaves. */
  #replace(start: number, count: number, leaving: number, arriving: number): void {
    const sorted = this.#sorted;
    let hole = start + count;
    if (count === TYPICAL_BEATS) {
      hole = start;
      while (sorted[hole] !== leaving) hole++;
      const last = start + TYPICAL_BEATS - 1;
      while (hole < last && sorted[hole + 1]! < arriving) {
        sorted[hole] = sorted[hole + 1]!;
        hole++;
      }
    }
    while (hole > start && sorted[hole - 1]! > arriving) {
      sorted[hole] = sorted[hole - 1]!;
      hole--;
    }
    sorted[hole] = arriving;
  }
}
