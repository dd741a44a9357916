/** How a network names the windows of records that it did not learn from. */
import { RHYTHM_CLASSES, RHYTHM_RATE_HZ, RHYTHM_STEP_SECONDS } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { largest, type PredictedRecord } from './predictions.ts';
import { ANNOTATED_NOISE } from './reference.ts';
import { trainingWindows } from './training-windows.ts';

const CLASSES = RHYTHM_CLASSES.length;
const STEP = RHYTHM_STEP_SECONDS * RHYTHM_RATE_HZ;

export interface WindowFigures {
  /** Windows by what at least half of their last two seconds is (rows) and what is said (columns). */
  readonly matrix: readonly (readonly number[])[];
  /** Of windows that end in what vfdb calls NOISE. */
  readonly annotatedNoise: readonly number[];
  /** Mean cross-entropy, records weighing alike within a database, databases alike. */
  readonly loss: number;
}

export function windowFigures(list: readonly PredictedRecord[]): WindowFigures {
  const matrix = RHYTHM_CLASSES.map(() => new Array<number>(CLASSES).fill(0));
  const annotatedNoise = new Array<number>(CLASSES).fill(0);
  const losses = new Map<string, number[]>();
  for (const { record, predictions } of list) {
    const rows = predictions.length / CLASSES;
    let sum = 0;
    let count = 0;
    for (const { end, target } of trainingWindows(record.reference, STEP, STEP)) {
      const row = end / STEP - 1;
      if (row >= rows) break;
      const said = predictions.subarray(row * CLASSES, (row + 1) * CLASSES);
      matrix[largest(target)]![largest(said)]!++;
      for (const [c, share] of target.entries()) sum -= share * Math.log(said[c]! + 1e-6);
      count++;
    }
    if (count > 0) losses.set(record.database, [...(losses.get(record.database) ?? []), sum / count]);
    for (let row = 0; row < rows; row++) {
      if (record.reference[(row + 1) * STEP - 1] !== ANNOTATED_NOISE) continue;
      annotatedNoise[largest(predictions.subarray(row * CLASSES, (row + 1) * CLASSES))]!++;
    }
  }
  return { matrix, annotatedNoise, loss: mean([...losses.values()].map(mean)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
