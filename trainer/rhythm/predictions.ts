/** What a rhythm network says of a record, half second by half second. */
import { softmaxRows } from '@rhythmd/ecg/network/softmax.ts';
import {
  RHYTHM_CLASSES,
  RHYTHM_RATE_HZ,
  RHYTHM_STEP_SECONDS,
  RHYTHM_WINDOW_SAMPLES,
} from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import {
  RHYTHM_IMAGE_ROWS,
  RHYTHM_IMAGE_VALUES,
  RhythmImageMaker,
} from '@rhythmd/ecg/rhythm/rhythm-image.ts';
import { floats, type Session } from '../graph/runtime.ts';
import type { RhythmRecord } from './rhythm-record.ts';

const CLASSES = RHYTHM_CLASSES.length;
const STEP = RHYTHM_STEP_SECONDS * RHYTHM_RATE_HZ;
const BATCH = 64;

/** Probabilities [half seconds, classes]; the first row is of the window that ends half a second after the beginning. */
export type Predictions = Float32Array;

export interface PredictedRecord {
  readonly record: RhythmRecord;
  readonly predictions: Predictions;
}

/** Of a model, to every half second of a track; before its beginning its first value is held, as a daemon does. */
export async function predictionsFor(track: Float32Array, session: Session): Promise<Predictions> {
  const padded = new Float32Array(RHYTHM_WINDOW_SAMPLES + track.length).fill(track[0] ?? 0);
  padded.set(track, RHYTHM_WINDOW_SAMPLES);
  const rows = Math.floor(track.length / STEP);
  const predictions = new Float32Array(rows * CLASSES);
  const maker = new RhythmImageMaker();
  for (let first = 0; first < rows; first += BATCH) {
    const count = Math.min(BATCH, rows - first);
    const images = new Float32Array(count * RHYTHM_IMAGE_VALUES);
    for (let i = 0; i < count; i++) {
      const end = RHYTHM_WINDOW_SAMPLES + (first + i + 1) * STEP;
      maker.make(padded.subarray(end - RHYTHM_WINDOW_SAMPLES, end), images, i * RHYTHM_IMAGE_VALUES);
    }
    const image = floats(images, [count, RHYTHM_IMAGE_ROWS, 1, RHYTHM_WINDOW_SAMPLES]);
    const { logits } = await session.run({ image });
    predictions.set(softmaxRows(Float32Array.from(logits!.data as Float32Array), CLASSES), first * CLASSES);
  }
  return predictions;
}

/** The index of the largest value, the first of equal ones. */
export function largest(values: Float32Array): number {
  let best = 0;
  for (const [i, value] of values.entries()) if (value > values[best]!) best = i;
  return best;
}
