/** Stretches of a rhythm as annotations mark them: flutter brackets and rhythm changes. */
import type { Annotation } from '../wfdb/annotation.ts';
import { AnnotationCode } from '../wfdb/annotation-codes.ts';
import type { Interval } from './timeline.ts';

/** Ventricular flutter or fibrillation: `[` to `]`, or a rhythm change `(VF...` to the next. */
export function ventricularFlutter(annotations: readonly Annotation[]): Interval[] {
  return merge([...brackets(annotations), ...rhythmIntervals(annotations, '(VF')]);
}

/** A rhythm change whose text begins with `prefix`, to the next one that does not. */
export function rhythmIntervals(annotations: readonly Annotation[], prefix: string): Interval[] {
  const intervals: Interval[] = [];
  let start: number | null = null;
  for (const { code, sample, aux } of annotations) {
    if (code !== AnnotationCode.rhythm || aux === null) continue;
    if (aux.startsWith(prefix)) start ??= sample;
    else if (start !== null) {
      intervals.push({ start, end: sample });
      start = null;
    }
  }
  if (start !== null) intervals.push({ start, end: Number.POSITIVE_INFINITY });
  return intervals;
}

function brackets(annotations: readonly Annotation[]): Interval[] {
  const intervals: Interval[] = [];
  let start: number | null = null;
  for (const { code, sample } of annotations) {
    if (code === AnnotationCode.flutterStart) start ??= sample;
    else if (code === AnnotationCode.flutterEnd && start !== null) {
      intervals.push({ start, end: sample });
      start = null;
    }
  }
  if (start !== null) intervals.push({ start, end: Number.POSITIVE_INFINITY });
  return intervals;
}

function merge(intervals: Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const interval of intervals.sort((a, b) => a.start - b.start)) {
    const last = merged[merged.length - 1];
    if (last && interval.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, interval.end) };
    } else merged.push(interval);
  }
  return merged;
}
