/** What a window is called: what its last two seconds are. */
import { RHYTHM_CLASSES, RHYTHM_RATE_HZ } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { ASYSTOLE, UNKNOWN } from './reference.ts';
import { TAIL_SAMPLES } from './rhythm-recipe.ts';

/** A standstill is one after three seconds: before, it is a pause that any slow heart makes. */
const STANDSTILL_SAMPLES = 3 * RHYTHM_RATE_HZ;
const CLASSES = RHYTHM_CLASSES.length;

/** The end of a window (exclusive), and the share of each class in the two seconds before it. */
export interface TrainingWindow {
  readonly end: number;
  readonly target: Float32Array;
}

/**
 * Windows that end at `first` and every `step` samples after it. Those of which a part is unknown, or a standstill too
 * young, are left out.
 */
export function trainingWindows(reference: Int8Array, first: number, step: number): TrainingWindow[] {
  const classes = withoutYoungStandstill(reference);
  const counts = new Int32Array(CLASSES);
  const windows: TrainingWindow[] = [];
  for (let end = 0; end < classes.length; ) {
    const entering = classes[end]!;
    const leaving = end >= TAIL_SAMPLES ? classes[end - TAIL_SAMPLES]! : UNKNOWN;
    if (entering >= 0) counts[entering]!++;
    if (leaving >= 0) counts[leaving]!--;
    end++;
    if (end < first || (end - first) % step !== 0) continue;
    if (counts.reduce((sum, count) => sum + count, 0) < TAIL_SAMPLES) continue;
    windows.push({ end, target: Float32Array.from(counts, (count) => count / TAIL_SAMPLES) });
  }
  return windows;
}

function withoutYoungStandstill(reference: Int8Array): Int8Array {
  const classes = reference.slice();
  let age = 0;
  for (const [i, c] of reference.entries()) {
    age = c === ASYSTOLE ? age + 1 : 0;
    if (age > 0 && age <= STANDSTILL_SAMPLES) classes[i] = UNKNOWN;
  }
  return classes;
}
