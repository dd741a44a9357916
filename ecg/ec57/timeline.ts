/** An annotation list as the comparison reads it: beats, and the intervals that change what a beat means. */
import type { Annotation } from '../wfdb/annotation.ts';
import { AnnotationCode, isBeatCode } from '../wfdb/annotation-codes.ts';

export interface Interval {
  readonly start: number;
  /** Inclusive; Infinity when it is never closed. */
  readonly end: number;
}

export interface Timeline {
  /** Beats outside flutter brackets, and flutter waves outside them. */
  readonly beats: readonly Annotation[];
  /** From `[` to `]`. */
  readonly flutter: readonly Interval[];
  /** From a noise mark with both shutdown bits to the next without. */
  readonly shutdowns: readonly Interval[];
}

/** Bits 4 and 5 of a noise mark's subtype: neither signal is readable (EC57, WFDB `annot`(5)). */
export const SHUTDOWN_BITS = 0x30;

export function isShutdownMark({ code, subtype }: Annotation): boolean {
  return code === AnnotationCode.signalQuality && (subtype & SHUTDOWN_BITS) === SHUTDOWN_BITS;
}

/**
 * A shutdown lasts to the next clear mark, whatever stands between: `bxb` would take a mark that is followed
 * by anything else for the AHA database's single mark in the middle of a shutdown.
 * Nothing inside a flutter bracket is read, neither beats nor noise marks.
 */
export function timelineOf(annotations: readonly Annotation[]): Timeline {
  const beats: Annotation[] = [];
  const flutter: Interval[] = [];
  const shutdowns: Interval[] = [];
  let flutterStart: number | null = null;
  let shutdownStart: number | null = null;
  for (const annotation of annotations) {
    const { code, sample } = annotation;
    if (flutterStart !== null) {
      if (code !== AnnotationCode.flutterEnd) continue;
      flutter.push({ start: flutterStart, end: sample });
      flutterStart = null;
    } else if (code === AnnotationCode.flutterStart) {
      flutterStart = sample;
    } else if (code === AnnotationCode.signalQuality) {
      if (isShutdownMark(annotation)) shutdownStart ??= sample;
      else if (shutdownStart !== null) {
        shutdowns.push({ start: shutdownStart, end: sample });
        shutdownStart = null;
      }
    } else if (isBeatCode(code) || code === AnnotationCode.flutterWave) {
      beats.push(annotation);
    }
  }
  const end = Number.POSITIVE_INFINITY;
  if (flutterStart !== null) flutter.push({ start: flutterStart, end });
  if (shutdownStart !== null) shutdowns.push({ start: shutdownStart, end });
  return { beats, flutter, shutdowns };
}

export function isInside(intervals: readonly Interval[], sample: number): boolean {
  for (const { start, end } of intervals) {
    if (start <= sample && sample <= end) return true;
  }
  return false;
}
