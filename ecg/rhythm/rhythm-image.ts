/**
 * The rhythm network's input from a window of waveform, made alike in training and on the device: the baseline is
 * removed, and the rest is shown twice. The first row is divided by its own deviation, so gain tells nothing there;
 * the second is the arsinh of it in units of 20 microvolts: large beats do not hide small ones, and the microvolts
 * of a standstill stay microvolts.
 */
import { RHYTHM_RATE_HZ, RHYTHM_WINDOW_SAMPLES } from './rhythm-estimate.ts';

export const RHYTHM_IMAGE_ROWS = 2;
export const RHYTHM_IMAGE_VALUES = RHYTHM_IMAGE_ROWS * RHYTHM_WINDOW_SAMPLES;

/** The baseline is a moving average of this long, twice: 3 dB at 0.5 Hz. */
const BASELINE_HALF = Math.round(0.4 * RHYTHM_RATE_HZ);
/** Added to the deviation: a line of less than the noise of any amplifier stays a line. */
const LEAST_DEVIATION_MV = 0.002;
const ARSINH_UNIT_MV = 0.02;
/** Deviations beyond which a spike is only a spike. */
const LARGEST = 6;

/** Not shared between threads; holds what one image needs on its way. */
export class RhythmImageMaker {
  readonly #sums = new Float64Array(RHYTHM_WINDOW_SAMPLES + 1);
  readonly #baseline = new Float64Array(RHYTHM_WINDOW_SAMPLES);
  readonly #values = new Float64Array(RHYTHM_WINDOW_SAMPLES);

  /**
   * @param window `RHYTHM_WINDOW_SAMPLES` millivolts, finite
   * @param target `RHYTHM_IMAGE_VALUES` from `offset` on: [rows, samples]
   */
  make(window: Float32Array, target: Float32Array, offset = 0): void {
    const length = RHYTHM_WINDOW_SAMPLES;
    const baseline = this.#baseline;
    const values = this.#values;
    for (let i = 0; i < length; i++) values[i] = window[i]!;
    average(values, baseline, this.#sums);
    average(baseline, baseline, this.#sums);
    let energy = 0;
    for (let i = 0; i < length; i++) {
      const value = window[i]! - baseline[i]!;
      values[i] = value;
      energy += value * value;
    }
    const scale = 1 / (Math.sqrt(energy / length) + LEAST_DEVIATION_MV);
    for (let i = 0; i < length; i++) {
      const value = values[i]!;
      const deviations = value * scale;
      target[offset + i] = deviations > LARGEST ? LARGEST : deviations < -LARGEST ? -LARGEST : deviations;
      target[offset + length + i] = Math.asinh(value / ARSINH_UNIT_MV);
    }
  }
}

/** The mean over `BASELINE_HALF` either side, over what there is of it at the ends. @param sums room for one more than there are values */
function average(from: Float64Array, to: Float64Array, sums: Float64Array): void {
  const length = RHYTHM_WINDOW_SAMPLES;
  let sum = 0;
  sums[0] = 0;
  for (let i = 0; i < length; i++) {
    sum += from[i]!;
    sums[i + 1] = sum;
  }
  const last = length - BASELINE_HALF;
  for (let i = 0; i < BASELINE_HALF; i++) to[i] = sums[i + BASELINE_HALF + 1]! / (i + BASELINE_HALF + 1);
  for (let i = BASELINE_HALF; i < last; i++)
    to[i] = (sums[i + BASELINE_HALF + 1]! - sums[i - BASELINE_HALF]!) / (2 * BASELINE_HALF + 1);
  for (let i = last; i < length; i++) {
    const first = i - BASELINE_HALF;
    to[i] = (sums[length]! - sums[first]!) / (length - first);
  }
}
