/**
 * How an image of the layout `leads-context` is stored and changed: what such networks read of it, in a seventh of the room.
 *
 *   4 x 90   the beat and the typical beat in the first lead, the same in the second: 0.4 s before the peak to 0.6 s
 *            after it, means of four samples (90 Hz)
 *   18 x 11  the beats around (ecg/beat/beat-context.ts, rows 0 to 17)
 *   11       the rhythm around this beat (row 18)
 *   2 x 16   this beat in either lead (rows 19 and 20)
 */
import {
  BEAT_COLUMNS,
  CONTEXT_BEATS,
  FIRST_LEAD_COLUMNS,
  INTERVAL_BOUND,
  LEAD_COLUMNS,
  RHYTHM_COLUMNS,
  RHYTHM_INTERVALS,
  RHYTHM_ROW,
} from '@rhythmd/ecg/beat/beat-context.ts';
import { STRIP_SAMPLES } from '@rhythmd/ecg/beat/patient-lead.ts';
import { IMAGE_SIDE, WINDOW_SAMPLES } from '@rhythmd/ecg/beat/window.ts';
import type { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';

/** Rows of a strip (half a plane, 18 rows of 0.1 s) that are kept. */
export const STRIP_ROWS = { from: 5, to: 15 } as const;
export const POOLED = 4;
export const STRIP_POINTS = ((STRIP_ROWS.to - STRIP_ROWS.from) * IMAGE_SIDE) / POOLED;
const STRIPS = 4;
const CONTEXT = 2 * WINDOW_SAMPLES;
const SEQUENCE = CONTEXT_BEATS * BEAT_COLUMNS;

export const LEADS_CONTEXT_SIZE = STRIPS * STRIP_POINTS + SEQUENCE + RHYTHM_COLUMNS + 2 * LEAD_COLUMNS;
/** Where the beats around, and the rhythm around the beat, begin among the stored values. */
export const STORED_SEQUENCE = STRIPS * STRIP_POINTS;
export const STORED_RHYTHM = STORED_SEQUENCE + SEQUENCE;

/** Where the strip begins in an image: beats are the first plane, typical beats the second; leads lie one below the other. */
function stripAt(strip: number): number {
  const plane = strip % 2;
  const lead = strip >> 1;
  return plane * WINDOW_SAMPLES + lead * STRIP_SAMPLES + STRIP_ROWS.from * IMAGE_SIDE;
}

function* contextValues(): Generator<number> {
  for (let row = 0; row < CONTEXT_BEATS; row++)
    for (let column = 0; column < BEAT_COLUMNS; column++) yield CONTEXT + row * IMAGE_SIDE + column;
  for (let column = 0; column < RHYTHM_COLUMNS; column++) yield CONTEXT + CONTEXT_BEATS * IMAGE_SIDE + column;
  for (let lead = 0; lead < 2; lead++)
    for (let column = 0; column < LEAD_COLUMNS; column++)
      yield CONTEXT + (CONTEXT_BEATS + 1 + lead) * IMAGE_SIDE + column;
}

/** Where each stored value of the context lies in an image. */
const CONTEXT_AT = Int32Array.from(contextValues());

/** @param put stores value `index` of the beat */
export function storeLeads(image: Float32Array, put: (index: number, value: number) => void): void {
  let index = 0;
  for (let strip = 0; strip < STRIPS; strip++) {
    const start = stripAt(strip);
    for (let point = 0; point < STRIP_POINTS; point++) {
      let sum = 0;
      for (let k = 0; k < POOLED; k++) sum += image[start + point * POOLED + k]!;
      put(index++, sum / POOLED);
    }
  }
  for (const at of CONTEXT_AT) put(index++, image[at]!);
}

/** The inverse, as far as such networks can tell: each mean four times, zeros where it does not look. */
export function readLeads(
  stored: Int16Array,
  start: number,
  step: number,
  image: Float32Array,
  offset: number,
): void {
  image.fill(0, offset, offset + 3 * WINDOW_SAMPLES);
  let index = start;
  for (let strip = 0; strip < STRIPS; strip++) {
    let at = offset + stripAt(strip);
    for (let point = 0; point < STRIP_POINTS; point++) {
      const value = stored[index++]! * step;
      for (let k = 0; k < POOLED; k++) image[at++] = value;
    }
  }
  for (const at of CONTEXT_AT) image[offset + at] = stored[index++]! * step;
}

/** Changes that leave the class alone: other electrodes, another detector, another heart, noise. */
export interface LeadsAugmentation {
  /** Share of beats whose leads change places, and of those whose second lead is missing then. */
  readonly swap: number;
  readonly oneLead: number;
  /** Share of leads turned upside down; gain is exp of a normal number of this deviation. */
  readonly flip: number;
  readonly gainDeviation: number;
  /** Peaks misplaced by up to so many points of 11 ms, beat and typical beat alike; the typical beat by one more. */
  readonly shiftPoints: number;
  /** On a third of the beats: baseline of up to so many deviations, and noise. */
  readonly wander: number;
  readonly noise: number;
  /** All intervals of the context this much more or less unlike: exp of a normal number of this deviation. */
  readonly contrast: number;
}

/** Changes one image in place. */
export function augmentLeads(
  image: Float32Array,
  { swap, oneLead, flip, gainDeviation, shiftPoints, wander, noise, contrast }: LeadsAugmentation,
  random: SeededRandom,
): void {
  if (random.uniform() < swap) swapLeads(image);
  if (random.uniform() < oneLead) dropSecondLead(image);
  if (contrast > 0) scaleIntervals(image, Math.exp(contrast * random.gaussian()));
  const shift = POOLED * Math.round((2 * random.uniform() - 1) * shiftPoints);
  const typicalShift = shift + POOLED * Math.round((2 * random.uniform() - 1) * 0.75);
  const isNoisy = random.uniform() < 1 / 3;
  for (let lead = 0; lead < 2; lead++) {
    const sign = random.uniform() < flip ? -1 : 1;
    const gain = sign * Math.exp(gainDeviation * random.gaussian());
    const beat = image.subarray(stripAt(2 * lead), stripAt(2 * lead) + STRIP_POINTS * POOLED);
    const typical = image.subarray(stripAt(2 * lead + 1), stripAt(2 * lead + 1) + STRIP_POINTS * POOLED);
    move(beat, shift, gain);
    move(typical, typicalShift, gain);
    if (isNoisy) disturb(beat, wander, noise, random);
  }
}

/** Some hearts' premature beats come earlier than others', some rhythms vary more. */
function scaleIntervals(image: Float32Array, factor: number): void {
  const scale = (at: number): void => {
    image[at] = Math.max(-INTERVAL_BOUND, Math.min(INTERVAL_BOUND, image[at]! * factor));
  };
  for (let row = 0; row < CONTEXT_BEATS; row++)
    for (let column = 0; column < 2; column++) scale(CONTEXT + row * IMAGE_SIDE + column);
  for (const column of RHYTHM_INTERVALS) scale(CONTEXT + RHYTHM_ROW * IMAGE_SIDE + column);
}

function swapLeads(image: Float32Array): void {
  for (let plane = 0; plane < 2; plane++) {
    const [first, second] = [stripAt(plane), stripAt(2 + plane)];
    for (let i = 0; i < STRIP_POINTS * POOLED; i++) exchange(image, first + i, second + i);
  }
  for (let row = 0; row < CONTEXT_BEATS; row++)
    for (const column of FIRST_LEAD_COLUMNS) {
      const at = CONTEXT + row * IMAGE_SIDE + column;
      exchange(image, at, at + 1);
    }
  const lead = CONTEXT + (CONTEXT_BEATS + 1) * IMAGE_SIDE;
  for (let column = 0; column < LEAD_COLUMNS; column++)
    exchange(image, lead + column, lead + IMAGE_SIDE + column);
}

/** As an image is when there is one lead. */
export function dropSecondLead(image: Float32Array, offset = 0): void {
  for (let plane = 0; plane < 2; plane++) {
    const at = offset + stripAt(2 + plane);
    image.fill(0, at, at + STRIP_POINTS * POOLED);
  }
  for (let row = 0; row < CONTEXT_BEATS; row++)
    for (const column of FIRST_LEAD_COLUMNS) {
      image[offset + CONTEXT + row * IMAGE_SIDE + column + 1] = 0;
    }
  const lead = offset + CONTEXT + (CONTEXT_BEATS + 2) * IMAGE_SIDE;
  image.fill(0, lead, lead + LEAD_COLUMNS);
}

function exchange(values: Float32Array, a: number, b: number): void {
  const held = values[a]!;
  values[a] = values[b]!;
  values[b] = held;
}

function move(strip: Float32Array, shift: number, gain: number): void {
  if (shift > 0) strip.copyWithin(shift, 0, strip.length - shift);
  if (shift < 0) strip.copyWithin(0, -shift);
  for (let i = 0; i < strip.length; i++) strip[i]! *= gain;
}

function disturb(strip: Float32Array, wander: number, noise: number, random: SeededRandom): void {
  const amplitude = wander * random.uniform();
  // 0.1 to 0.6 Hz, as breathing is.
  const turn = (2 * Math.PI * (0.1 + 0.5 * random.uniform()) * POOLED) / 360;
  const phase = 2 * Math.PI * random.uniform();
  const grain = 4 * noise * random.uniform();
  for (let point = 0; point < STRIP_POINTS; point++) {
    const at = point * POOLED;
    // Zeros are masked: they stay.
    if (strip[at] === 0) continue;
    const added = amplitude * Math.sin(phase + turn * point) + grain * random.gaussian();
    for (let k = 0; k < POOLED; k++) strip[at + k]! += added;
  }
}
