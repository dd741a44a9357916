/**
 * Early beats made from normal ones. A premature supraventricular beat looks like its patient's normal beats and comes
 * too soon; DS1 has few of them and many premature ventricular ones, so a network learns that early means ventricular.
 * A normal beat whose preceding interval is shortened, and whose mask is cut as that interval would cut it, is what
 * was missing.
 */
import { IMAGE_SIDE, WINDOW_RADIUS_SAMPLES, WINDOW_SAMPLES } from '@rhythmd/ecg/beat/window.ts';
import type { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';

/** Rows of the rhythm plane: the interval that ends at this beat, and the one that begins. */
const BEFORE = 2 * WINDOW_SAMPLES + 34 * IMAGE_SIDE;
const AFTER = BEFORE + IMAGE_SIDE;
/** Octaves: a beat within these of its usual time is made early. */
const REGULAR = 0.15;
/** The interval is shortened to 50 to 80 %; the next lasts 90 to 150 % (with or without a compensatory pause). */
const SHORTEST = 0.5;
const LONGEST = 0.8;
const PAUSE = { from: 0.9, to: 1.5 } as const;

/**
 * Makes a `beat-typical-rhythm` image early, in place.
 * @returns false when it was not on time to begin with: nothing is changed
 */
export function makeEarly(image: Float32Array, random: SeededRandom): boolean {
  const isRegular = Math.abs(image[BEFORE]!) < REGULAR && Math.abs(image[AFTER]!) < REGULAR;
  if (!isRegular) return false;
  const factor = SHORTEST + (LONGEST - SHORTEST) * random.uniform();
  const pause = PAUSE.from + (PAUSE.to - PAUSE.from) * random.uniform();
  fillRow(image, BEFORE, image[BEFORE]! + Math.log2(factor));
  fillRow(image, AFTER, image[AFTER]! + Math.log2(pause));
  cutBefore(image, factor);
  return true;
}

/**
 * Hides when a beat came, so that its shape must tell what it is: the two intervals become unknown, and the mask, which
 * shows them too, is cut to 60 to 100 % on either side.
 */
export function hideTiming(image: Float32Array, random: SeededRandom): void {
  fillRow(image, BEFORE, 0);
  fillRow(image, AFTER, 0);
  cutBefore(image, 0.6 + 0.4 * random.uniform());
  cutAfter(image, 0.6 + 0.4 * random.uniform());
}

/** Keeps this share of the samples before the peak that the mask left. */
function cutBefore(image: Float32Array, share: number): void {
  let first = 0;
  while (first < WINDOW_RADIUS_SAMPLES && image[first] === 0) first++;
  image.fill(0, 0, WINDOW_RADIUS_SAMPLES - Math.floor((WINDOW_RADIUS_SAMPLES - first) * share));
}

function cutAfter(image: Float32Array, share: number): void {
  let end = WINDOW_SAMPLES;
  while (end > WINDOW_RADIUS_SAMPLES && image[end - 1] === 0) end--;
  image.fill(0, WINDOW_RADIUS_SAMPLES + Math.ceil((end - WINDOW_RADIUS_SAMPLES) * share), WINDOW_SAMPLES);
}

function fillRow(image: Float32Array, start: number, value: number): void {
  image.fill(value, start, start + IMAGE_SIDE);
}
