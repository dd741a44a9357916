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

/**
 * Not shared between threads; holds what one image needs on its way. Four values a turn: an engine looks at each array once a
 * turn, which takes it longer than the sums do.
 */
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
    const sums = this.#sums;
    const baseline = this.#baseline;
    const values = this.#values;
    values.set(window.length === length ? window : window.subarray(0, length));
    sumUp(values, sums);
    averageSums(sums, baseline);
    sumUp(baseline, sums);
    averageSums(sums, baseline);
    let energy = 0;
    for (let i = 0; i < length; i++) {
      const value = values[i]! - baseline[i]!;
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

/** Sums of the values before each. */
function sumUp(values: Float64Array, sums: Float64Array): void {
  let sum = 0;
  sums[0] = 0;
  for (let i = 0; i < RHYTHM_WINDOW_SAMPLES; i += 4) {
    const one = sum + values[i]!;
    const two = one + values[i + 1]!;
    const three = two + values[i + 2]!;
    sum = three + values[i + 3]!;
    sums[i + 1] = one;
    sums[i + 2] = two;
    sums[i + 3] = three;
    sums[i + 4] = sum;
  }
}

/** The mean over `BASELINE_HALF` either side, over what there is of it at the ends. */
function averageSums(sums: Float64Array, means: Float64Array): void {
  const length = RHYTHM_WINDOW_SAMPLES;
  const last = length - BASELINE_HALF;
  const count = 2 * BASELINE_HALF + 1;
  for (let i = 0; i < BASELINE_HALF; i++) means[i] = sums[i + BASELINE_HALF + 1]! / (i + BASELINE_HALF + 1);
  for (let i = BASELINE_HALF; i < last; i += 4) {
    const first = i - BASELINE_HALF;
    const end = i + BASELINE_HALF + 1;
    means[i] = (sums[end]! - sums[first]!) / count;
    means[i + 1] = (sums[end + 1]! - sums[first + 1]!) / count;
    means[i + 2] = (sums[end + 2]! - sums[first + 2]!) / count;
    means[i + 3] = (sums[end + 3]! - sums[first + 3]!) / count;
  }
  for (let i = last; i < length; i++) {
    const first = i - BASELINE_HALF;
    means[i] = (sums[length]! - sums[first]!) / (length - first);
  }
}
