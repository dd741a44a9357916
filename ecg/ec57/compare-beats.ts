/**
 * Beat-by-beat comparison of ANSI/AAMI EC57, with the pairing of WFDB's `bxb`: greedy in time order, with one
 * beat of look-ahead. A pair takes both beats; a beat without a counterpart is missed (reference) or extra
 * (test).
 */
import type { Annotation } from '../wfdb/annotation.ts';
import { BEAT_CLASSES, beatClassOf, type EscapeConvention } from './beat-classes.ts';
import { isInShutdown, isInside, type Timeline, timelineOf } from './timeline.ts';

/** Two beats may be the same when no further apart than this (EC57). */
const MATCH_WINDOW_S = 0.15;
/** EC57 counts from here: a detector may learn before. */
export const STANDARD_START_S = 300;

export interface ComparePeriod {
  readonly rateHz: number;
  /** First sample that counts. */
  readonly fromSample: number;
  /** The record's length. */
  readonly endSample: number;
}

export interface BeatPair {
  /** null: the test beat is extra. */
  readonly reference: Annotation | null;
  /** null: the reference beat is missed. */
  readonly test: Annotation | null;
  /** The missing beat is one in a shutdown (X rather than O). */
  readonly shutdown: boolean;
}

/**
 * 7 rows N S V F Q O X (reference) by 7 columns n s v f q o x (test); rows O and X have 5 columns.
 */
export type ConfusionMatrix = readonly (readonly number[])[];

export interface BeatComparison {
  /** In time order. Extra test beats inside reference flutter are not among them. */
  readonly pairs: readonly BeatPair[];
  readonly matrix: ConfusionMatrix;
}

/** Both lists in time order and at the reference's rate. */
export function compareBeats(
  reference: readonly Annotation[],
  test: readonly Annotation[],
  period: ComparePeriod,
  escapeBeats: EscapeConvention = 'ectopic',
): BeatComparison {
  const window = matchWindowSamples(period.rateHz);
  const pairs = pairBeats(timelineOf(reference, window), timelineOf(test, window), period);
  return { pairs, matrix: confusionMatrix(pairs, escapeBeats) };
}

export function matchWindowSamples(rateHz: number): number {
  return Math.floor(MATCH_WINDOW_S * rateHz + 0.5);
}

function pairBeats(reference: Timeline, test: Timeline, period: ComparePeriod): BeatPair[] {
  const { fromSample, endSample } = period;
  const window = matchWindowSamples(period.rateHz);
  const referenceAt = (i: number) => reference.beats[i]?.sample ?? Number.POSITIVE_INFINITY;
  const testAt = (i: number) => test.beats[i]?.sample ?? Number.POSITIVE_INFINITY;

  let r = firstAtOrAfter(reference.beats, fromSample);
  let t = firstTestBeat(testAt, firstAtOrAfter(test.beats, fromSample), referenceAt(r), window, fromSample);

  const pairs: BeatPair[] = [];
  while (referenceAt(r) <= endSample || testAt(t) <= endSample) {
    const referenceSample = referenceAt(r);
    const testSample = testAt(t);
    const distance = Math.abs(referenceSample - testSample);
    // Would the later of the two be better off with the other's next, and is that next free to take it?
    const isPair =
      distance <= window &&
      (testSample < referenceSample
        ? distance < gap(referenceSample, testAt(t + 1)) ||
          gap(referenceAt(r + 1), testAt(t + 1)) < gap(referenceSample, testAt(t + 1))
        : distance < gap(testSample, referenceAt(r + 1)) ||
          gap(testAt(t + 1), referenceAt(r + 1)) < gap(testSample, referenceAt(r + 1)));
    if (isPair) {
      pairs.push({ reference: reference.beats[r++]!, test: test.beats[t++]!, shutdown: false });
    } else if (testSample < referenceSample) {
      const extra = test.beats[t++]!;
      if (isInside(reference.flutter, extra.sample)) continue;
      pairs.push({ reference: null, test: extra, shutdown: isInShutdown(reference, r, extra.sample) });
    } else {
      const missed = reference.beats[r++]!;
      pairs.push({ reference: missed, test: null, shutdown: isInShutdown(test, t, missed.sample) });
    }
  }
  return pairs;
}

/** Two absent beats are not close to one another. */
function gap(a: number, b: number): number {
  return a === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : Math.abs(a - b);
}

/**
 * Where a test period begins inside a record, the beat on its border is nobody's fault: the last test beat
 * before it may belong to the first reference beat, and a test beat just after it to the reference beat
 * before, which is not counted.
 */
function firstTestBeat(
  testAt: (i: number) => number,
  first: number,
  firstReference: number,
  window: number,
  fromSample: number,
): number {
  if (fromSample === 0) return first;
  const before = first - 1;
  if (before >= 0) {
    const distance = firstReference - testAt(before);
    if (distance <= window && distance < gap(firstReference, testAt(first))) return before;
  }
  const isOnBorder = testAt(first) - fromSample <= window;
  const followerIsBetter = gap(firstReference, testAt(first + 1)) < gap(firstReference, testAt(first));
  return isOnBorder && followerIsBetter ? first + 1 : first;
}

function firstAtOrAfter(beats: readonly Annotation[], sample: number): number {
  const index = beats.findIndex((beat) => beat.sample >= sample);
  return index < 0 ? beats.length : index;
}

/** Row and column of a pair in the matrix. */
export function cellOf(
  pair: BeatPair,
  escapeBeats: EscapeConvention = 'ectopic',
): { row: number; column: number } {
  const missing = pair.shutdown ? 'X' : 'O';
  return {
    row: BEAT_CLASSES.indexOf(pair.reference ? beatClassOf(pair.reference.code, escapeBeats) : missing),
    column: BEAT_CLASSES.indexOf(pair.test ? beatClassOf(pair.test.code, escapeBeats) : missing),
  };
}

export function confusionMatrix(
  pairs: readonly BeatPair[],
  escapeBeats: EscapeConvention = 'ectopic',
): ConfusionMatrix {
  const matrix = BEAT_CLASSES.map((row) => new Array<number>(row === 'O' || row === 'X' ? 5 : 7).fill(0));
  for (const pair of pairs) {
    const { row, column } = cellOf(pair, escapeBeats);
    const counts = matrix[row]!;
    // A flutter wave without a counterpart has no cell: nothing was there, and nothing was found.
    if (column < counts.length) counts[column] = counts[column]! + 1;
  }
  return matrix;
}
