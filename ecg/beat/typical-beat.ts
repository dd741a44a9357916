import { medianOf } from './median.ts';
import { WINDOW_SAMPLES } from './window.ts';

/** Beats remembered: odd, and long enough that a bigeminy of one minute does not become the typical beat. */
export const TYPICAL_BEATS = 21;

/**
 * What a beat of this patient usually looks like: the median, sample by sample, of the last 21 masked beats
 * before this one. A ventricular beat is one that differs from its patient's own, not from everyone's.
 */
export class TypicalBeat {
  readonly #beats = new Float32Array(TYPICAL_BEATS * WINDOW_SAMPLES);
  readonly #column = new Float32Array(TYPICAL_BEATS);
  #remembered = 0;

  remember(maskedBeat: Float32Array): void {
    this.#beats.set(
      maskedBeat.subarray(0, WINDOW_SAMPLES),
      (this.#remembered++ % TYPICAL_BEATS) * WINDOW_SAMPLES,
    );
  }

  forget(): void {
    this.#remembered = 0;
  }

  /** Writes 1,296 samples; zeros while nothing is remembered. */
  write(target: Float32Array, offset: number): void {
    const count = Math.min(this.#remembered, TYPICAL_BEATS);
    for (let i = 0; i < WINDOW_SAMPLES; i++) {
      for (let beat = 0; beat < count; beat++) this.#column[beat] = this.#beats[beat * WINDOW_SAMPLES + i]!;
      target[offset + i] = count === 0 ? 0 : medianOf(this.#column, count);
    }
  }
}
