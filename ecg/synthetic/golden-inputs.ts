/**
 * Inputs that a model's card holds the answers to: a runtime that adds otherwise on this processor than where the model
 * was made is found out by them. They are made up, so that no patient's beats travel with a model, from whole numbers and
 * divisions that every machine rounds alike, so that they need not travel either.
 */
import { SeededRandom } from './seeded-random.ts';

/** Of the first 24 those whose inputs every 8-bit model that was tried answers otherwise where products saturate. */
export const GOLDEN_SEEDS = [2, 4, 9, 12, 15, 19] as const;

/** Steps of the values, of which one unit is one standard deviation of a signal. */
const STEPS_A_UNIT = 64;
/** Of a signal's waves, in samples and in steps: as beats at 360 Hz have them. */
const SHORTEST = 4;
const LENGTHS = 36;
const HIGHEST = 256;

/**
 * Straight lines from one random height to the next.
 * @param size how many values: whatever shape the model's input has
 */
export function goldenInput(seed: number, size: number): Float32Array {
  const random = new SeededRandom(seed);
  const values = new Float32Array(size);
  let height = 0;
  let at = 0;
  while (at < size) {
    const length = SHORTEST + Math.floor(random.uniform() * LENGTHS);
    const next = Math.floor(random.uniform() * (2 * HIGHEST + 1)) - HIGHEST;
    for (let i = 0; i < length && at < size; i++, at++) {
      values[at] = Math.round(height + ((next - height) * i) / length) / STEPS_A_UNIT;
    }
    height = next;
  }
  return values;
}
