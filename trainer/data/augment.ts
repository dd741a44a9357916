/** Changes to a beat that leave its class alone: what another electrode, heart, breath or detector would do. */
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
  /** Wider or narrower around the peak by up to this share. */
  readonly stretch: number;
  /** Share of beats seen from a direction somewhere between the two leads (needs both). */
  readonly turn: number;
  /** Share of normal beats made early, which makes them `other` (early-beat.ts; needs the rhythm plane). */
  readonly early: number;
  /** Share of beats whose own two intervals are hidden (likewise). */
  readonly untimed: number;
}

export const NO_AUGMENTATION: Augmentation = {
  gainDeviation: 0,
  shiftSamples: 0,
  wander: 0,
  noise: 0,
  flip: 0,
  stretch: 0,
  turn: 0,
  early: 0,
  untimed: 0,
};

/**
 * Turns the electrodes: a lead is a projection of the heart's dipole, and a weighted sum of two leads is what a third
 * electrode would have seen.
 * @param planes the beat and the typical beat, seen in one lead
 * @param other the same seen in the other
 */
export function rotateLeads(planes: Float32Array, other: Float32Array, random: SeededRandom): void {
  const angle = 2 * Math.PI * random.uniform();
  const [a, b] = [Math.cos(angle), Math.sin(angle)];
  for (let i = 0; i < planes.length; i++) planes[i] = a * planes[i]! + b * other[i]!;
}

/**
 * Changes one image in place. The first plane is the beat; of three, the second is the typical beat, which gets
 * the same gain, sign and width and a shift of its own, and the third, the rhythm, is left alone.
 */
export function augmentImage(
  image: Float32Array,
  planes: number,
  augmentation: Augmentation,
  random: SeededRandom,
): void {
  const sign = random.uniform() < augmentation.flip ? -1 : 1;
  const gain = sign * Math.exp(augmentation.gainDeviation * random.gaussian());
  const step = 1 + augmentation.stretch * (2 * random.uniform() - 1);
  const drawShift = (): number => (2 * random.uniform() - 1) * augmentation.shiftSamples;
  resample(image.subarray(0, WINDOW_SAMPLES), step, Math.round(drawShift()));
  disturb(image.subarray(0, WINDOW_SAMPLES), gain, augmentation, random);
  if (planes < 3) return;
  const typical = image.subarray(WINDOW_SAMPLES, 2 * WINDOW_SAMPLES);
  resample(typical, step, Math.round(drawShift()));
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

const CENTRE = WINDOW_SAMPLES / 2;
const scratch = new Float32Array(WINDOW_SAMPLES);

/** Sample i becomes what was at centre + (i - centre - shift) * step, between samples by a straight line. */
function resample(plane: Float32Array, step: number, shift: number): void {
  if (step === 1 && shift === 0) return;
  scratch.set(plane);
  for (let i = 0; i < WINDOW_SAMPLES; i++) {
    const position = CENTRE + (i - CENTRE - shift) * step;
    const before = Math.floor(position);
    const a = before >= 0 && before < WINDOW_SAMPLES ? scratch[before]! : 0;
    const b = before + 1 >= 0 && before + 1 < WINDOW_SAMPLES ? scratch[before + 1]! : 0;
    plane[i] = a + (b - a) * (position - before);
  }
}
