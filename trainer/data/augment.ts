/** Small changes to a beat that leave its class alone: what another electrode, breath or detector would do. */
import { WINDOW_SAMPLES } from '@rhythmd/ecg/beat/window.ts';
import type { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';

export interface Augmentation {
  /** Gain is exp of a normal number of this deviation. */
  readonly gainDeviation: number;
  /** The R peak is misplaced by up to this many samples either way. */
  readonly shiftSamples: number;
  /** Slow baseline of up to this many signal deviations. */
  readonly wander: number;
  /** White noise of this many signal deviations. */
  readonly noise: number;
  /** Share of beats turned upside down, as by exchanged electrodes. */
  readonly flip: number;
}

export const NO_AUGMENTATION: Augmentation = {
  gainDeviation: 0,
  shiftSamples: 0,
  wander: 0,
  noise: 0,
  flip: 0,
};

/**
 * Changes one image in place. The first plane is the beat; of three, the second is the typical beat, which gets
 * the same gain and sign and a shift of its own, and the third, the rhythm, is left alone.
 */
export function augmentImage(
  image: Float32Array,
  planes: number,
  augmentation: Augmentation,
  random: SeededRandom,
): void {
  const sign = random.uniform() < augmentation.flip ? -1 : 1;
  const gain = sign * Math.exp(augmentation.gainDeviation * random.gaussian());
  const beat = image.subarray(0, WINDOW_SAMPLES);
  shift(beat, Math.round((random.uniform() * 2 - 1) * augmentation.shiftSamples));
  disturb(beat, gain, augmentation, random);
  if (planes < 3) return;
  const typical = image.subarray(WINDOW_SAMPLES, 2 * WINDOW_SAMPLES);
  shift(typical, Math.round((random.uniform() * 2 - 1) * augmentation.shiftSamples));
  for (let i = 0; i < WINDOW_SAMPLES; i++) typical[i]! *= gain;
}

function disturb(
  beat: Float32Array,
  gain: number,
  { wander, noise }: Augmentation,
  random: SeededRandom,
): void {
  const amplitude = wander * random.uniform();
  // 0.1 to 0.6 Hz: breathing and what is left of slower drift within 3.6 s.
  const frequency = (2 * Math.PI * (0.1 + 0.5 * random.uniform())) / 360;
  const phase = 2 * Math.PI * random.uniform();
  for (let i = 0; i < WINDOW_SAMPLES; i++) {
    // Zeros are masked: they stay.
    if (beat[i] === 0) continue;
    const grain = noise === 0 ? 0 : noise * (random.uniform() + random.uniform() - 1);
    beat[i] = beat[i]! * gain + amplitude * Math.sin(phase + frequency * i) + grain;
  }
}

function shift(plane: Float32Array, samples: number): void {
  if (samples > 0) {
    plane.copyWithin(samples, 0, WINDOW_SAMPLES - samples);
    plane.fill(0, 0, samples);
  } else if (samples < 0) {
    plane.copyWithin(0, -samples);
    plane.fill(0, WINDOW_SAMPLES + samples);
  }
}
