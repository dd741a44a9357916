/**
 * What the annotations say of the rhythm at each moment, at the rate of the rhythm network (docs/training.md).
 *
 * What they do not say is UNKNOWN, and nobody is taught or judged there: tachycardia before the fibrillation of cudb,
 * which has no marks for it; its long gaps between beats; what vfdb calls high-grade ectopic activity. What vfdb calls
 * NOISE has beats that can be read in most of its windows (the noise is in the other signal, or between them).
 */
import { RHYTHM_CLASSES, RHYTHM_RATE_HZ, type RhythmClass } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode, isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';

export const UNKNOWN = -1;
export const ANNOTATED_NOISE = -2;

export const RHYTHM_DATABASES = ['vfdb', 'cudb', 'mitdb', 'svdb'] as const;
export type RhythmDatabase = (typeof RHYTHM_DATABASES)[number];

/** Beats by their position at the network's rate. */
export interface ReferenceBeat {
  readonly at: number;
  readonly code: number;
}

const codeOf = (name: RhythmClass): number => RHYTHM_CLASSES.indexOf(name);
export const ORGANISED = codeOf('organised');
export const TACHYCARDIA = codeOf('tachycardia');
export const FIBRILLATION = codeOf('fibrillation');
export const ASYSTOLE = codeOf('asystole');
export const NOISE = codeOf('noise');

const RATE = RHYTHM_RATE_HZ;
/** Rhythm marks by their beginning; all others are organised rhythms. */
const MARKS: readonly (readonly [string, number])[] = [
  ['(VF', FIBRILLATION],
  ['(VT', TACHYCARDIA],
  ['(ASYS', ASYSTOLE],
  ['(NOISE', ANNOTATED_NOISE],
  ['(HGEA', UNKNOWN],
];
/** A run of ventricular beats: three or more, at 100 a minute or more, which is what makes it tachycardia. */
const RUN_BEATS = 3;
const RUN_RATE = 100;
/** Beats further apart are not of one run, whatever its rate. */
const RUN_GAP = 0.62 * RATE;
/** cudb: 125 a minute may be the tachycardia that it has no marks for. */
const CUDB_FAST = 125;
/** Beats further apart are no rhythm; further apart than that, standstill, where it is known that no beat was missed. */
const PAUSE = 2.6 * RATE;
const STANDSTILL = 4 * RATE;
/** Of cudb: seen to stand still between its beats. In the others long gaps are lost signal. */
const CUDB_STANDSTILL = new Set(['cu28', 'cu31']);
/** Where cudb's marks are silent and the waveform is neither beats nor anything else that has a name. */
const CUDB_UNKNOWN: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  cu14: [[395, Number.POSITIVE_INFINITY]],
  cu26: [[203, 292]],
};

/** @param rateHz of the annotations */
export function beatsOf(annotations: readonly Annotation[], rateHz: number): ReferenceBeat[] {
  return annotations
    .filter(({ code }) => isBeatCode(code))
    .map(({ sample, code }) => ({ at: (sample * RATE) / rateHz, code }));
}

/** A class, UNKNOWN or ANNOTATED_NOISE for each of `length` moments. */
export function referenceOf(
  database: RhythmDatabase,
  record: string,
  annotations: readonly Annotation[],
  rateHz: number,
  length: number,
): Int8Array {
  const reference = new Int8Array(length);
  const beats = beatsOf(annotations, rateHz);
  const at = (sample: number): number => Math.floor((sample * RATE) / rateHz);
  if (database === 'vfdb' || database === 'mitdb') markRhythms(reference, database, annotations, at);
  if (database === 'cudb') markWhatCudbDoesNotSay(reference, record, annotations, beats, at);
  else if (database !== 'vfdb') {
    markPauses(reference, beats, true);
    markRuns(reference, beats);
  }
  if (database !== 'vfdb') markFlutter(reference, annotations, at);
  return reference;
}

function markRhythms(
  reference: Int8Array,
  database: RhythmDatabase,
  annotations: readonly Annotation[],
  at: (sample: number) => number,
): void {
  const marks = annotations.filter(
    ({ code, aux }) => code === AnnotationCode.rhythm && aux?.startsWith('(') === true,
  );
  if (database === 'vfdb') {
    const first = marks[0];
    reference.fill(UNKNOWN, 0, first === undefined ? reference.length : at(first.sample));
  }
  for (const [i, { sample, aux }] of marks.entries()) {
    const mark = MARKS.find(([beginning]) => aux!.startsWith(beginning));
    // mitdb has its beats, which say more exactly where a tachycardia begins and ends.
    if (mark === undefined || (database === 'mitdb' && mark[1] === TACHYCARDIA)) continue;
    reference.fill(mark[1], at(sample), i + 1 < marks.length ? at(marks[i + 1]!.sample) : reference.length);
  }
}

function markRuns(reference: Int8Array, beats: readonly ReferenceBeat[]): void {
  for (let first = 0, last = 0; first < beats.length; first = last + 1) {
    last = first;
    while (isVentricular(beats[last]) && isVentricular(beats[last + 1])) {
      if (beats[last + 1]!.at - beats[last]!.at >= RUN_GAP) break;
      last++;
    }
    if (last - first + 1 < RUN_BEATS) continue;
    const rate = (60 * RATE * (last - first)) / (beats[last]!.at - beats[first]!.at);
    // From the beginning of the first QRS to the end of the last T wave.
    const from = Math.floor(beats[first]!.at - 0.1 * RATE);
    reference.fill(rate >= RUN_RATE ? TACHYCARDIA : UNKNOWN, Math.max(0, from), beats[last]!.at + 0.3 * RATE);
  }
}

function isVentricular(beat: ReferenceBeat | undefined): boolean {
  return (
    beat?.code === AnnotationCode.ventricularPremature || beat?.code === AnnotationCode.ventricularEscape
  );
}

function markPauses(reference: Int8Array, beats: readonly ReferenceBeat[], isComplete: boolean): void {
  for (const [i, { at }] of beats.entries()) {
    const gap = (beats[i + 1]?.at ?? at) - at;
    if (gap <= PAUSE) continue;
    const c = gap > STANDSTILL && isComplete ? ASYSTOLE : UNKNOWN;
    reference.fill(c, Math.floor(at + 0.5 * RATE), Math.floor(at + gap - 0.2 * RATE));
  }
}

function markFlutter(
  reference: Int8Array,
  annotations: readonly Annotation[],
  at: (sample: number) => number,
): void {
  let start: number | null = null;
  for (const { code, sample } of annotations) {
    if (code === AnnotationCode.flutterStart) start ??= at(sample);
    else if (code === AnnotationCode.flutterEnd && start !== null) {
      reference.fill(FIBRILLATION, start, at(sample));
      start = null;
    }
  }
  if (start !== null) reference.fill(FIBRILLATION, start);
}

function markWhatCudbDoesNotSay(
  reference: Int8Array,
  record: string,
  annotations: readonly Annotation[],
  beats: readonly ReferenceBeat[],
  at: (sample: number) => number,
): void {
  markPauses(reference, beats, CUDB_STANDSTILL.has(record));
  for (const [i, { at: beat }] of beats.entries()) {
    const fourth = beats[i + 4];
    if (fourth !== undefined && (4 * 60 * RATE) / (fourth.at - beat) > CUDB_FAST) {
      reference.fill(UNKNOWN, Math.max(0, Math.floor(beat - 0.2 * RATE)), fourth.at + 0.3 * RATE);
    }
  }
  reference.fill(UNKNOWN, 0, Math.max(0, Math.floor((beats[0]?.at ?? 0) - RATE)));
  reference.fill(UNKNOWN, Math.floor((beats.at(-1)?.at ?? 0) + RATE));
  for (const [from, to] of CUDB_UNKNOWN[record] ?? []) reference.fill(UNKNOWN, from * RATE, to * RATE);
  let bad: number | null = null;
  for (const { code, sample, subtype } of annotations) {
    if (code !== AnnotationCode.signalQuality) continue;
    if (bad !== null && (subtype === 0 || subtype === 1)) {
      reference.fill(UNKNOWN, bad, at(sample));
      bad = null;
    } else if (subtype !== 0) bad ??= at(sample);
  }
}
