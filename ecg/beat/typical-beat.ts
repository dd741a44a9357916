import { WINDOW_SAMPLES } from './window.ts';

/** Beats remembered: odd, and long enough that a bigeminy of one minute does not become the typical beat. */
const TYPICAL_BEATS = 21;

/**
 * What a beat of this patient usually looks like: the median, sample by sample, of the last 21 masked beats
 * before this one. A ventricular beat is one that differs from its patient's own, not from everyone's.
 *
 * Of each sample the median is kept and how many values lie below it: while as many come as leave on either side of it, it
 * stays, and only where it does not, the 21 values are looked through for the next one.
 */
export class TypicalBeat {
  readonly #samples: number;
  /** 21 values for each sample, a ring of the beats. No NaN. */
  readonly #beats: Float32Array;
  readonly #medians: Float32Array;
  /** Of each sample: values below its median, and equal to it. */
  readonly #below: Uint8Array;
  readonly #equal: Uint8Array;
  #remembered = 0;

  /** @param samples of one beat */
  constructor(samples = WINDOW_SAMPLES) {
    this.#samples = samples;
    this.#beats = new Float32Array(TYPICAL_BEATS * samples);
    this.#medians = new Float32Array(samples);
    this.#below = new Uint8Array(samples);
    this.#equal = new Uint8Array(samples);
  }

  /** @param offset where the beat begins in `source` */
  remember(source: Float32Array, offset = 0): void {
    const beats = this.#beats;
    const medians = this.#medians;
    const belows = this.#below;
    const equals = this.#equal;
    const isFull = this.#remembered >= TYPICAL_BEATS;
    const count = isFull ? TYPICAL_BEATS : this.#remembered + 1;
    /** Values below the median, of which an even number has the lower one. */
    const rank = (count - 1) >> 1;
    let at = this.#remembered % TYPICAL_BEATS;
    for (let i = 0; i < this.#samples; i++, at += TYPICAL_BEATS) {
      const arriving = source[offset + i]!;
      const leaving = beats[at]!;
      const median = medians[i]!;
      let below = belows[i]!;
      let equal = equals[i]!;
      beats[at] = arriving;
      if (isFull) {
        if (leaving < median) below--;
        else if (leaving === median) equal--;
      }
      if (count === 1) medians[i] = arriving;
      if (count === 1 || arriving === median) equal++;
      else if (arriving < median) below++;
      belows[i] = below;
      equals[i] = equal;
      if (below > rank || below + equal <= rank) this.#seek(i, count, rank);
    }
    this.#remembered++;
  }

  forget(): void {
    this.#remembered = 0;
    this.#below.fill(0);
    this.#equal.fill(0);
  }

  /** Writes one beat; zeros while nothing is remembered. */
  write(target: Float32Array, offset: number): void {
    if (this.#remembered === 0) target.fill(0, offset, offset + this.#samples);
    else target.set(this.#medians, offset);
  }

  /** Steps from the median there was to the value that is it now, which is its neighbour. */
  #seek(i: number, count: number, rank: number): void {
    const beats = this.#beats;
    const first = i * TYPICAL_BEATS;
    const before = this.#medians[i]!;
    const isLower = this.#below[i]! > rank;
    let nearest = isLower ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    let equal = 0;
    for (let at = first; at < first + count; at++) {
      const value = beats[at]!;
      if (value === nearest) equal++;
      else if (isLower ? value < before && value > nearest : value > before && value < nearest) {
        nearest = value;
        equal = 1;
      }
    }
    this.#below[i] = isLower ? this.#below[i]! - equal : this.#below[i]! + this.#equal[i]!;
    this.#equal[i] = equal;
    this.#medians[i] = nearest;
  }
}
