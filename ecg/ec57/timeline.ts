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
  /** From a noise mark with both shutdown bits to the next mark, see below. */
  readonly shutdowns: readonly Interval[];
  /** How many shutdowns stand in the file before beat k; one entry more than beats, for the end. */
  readonly shutdownsBefore: readonly number[];
}

/** Bits 4 and 5 of a noise mark's subtype: neither signal is readable (EC57, WFDB `annot`(5)). */
export const SHUTDOWN_BITS = 0x30;

export function isShutdownMark({ code, subtype }: Annotation): boolean {
  return code === AnnotationCode.signalQuality && (subtype & SHUTDOWN_BITS) === SHUTDOWN_BITS;
}

/** `bxb` looks back on the last two shutdowns it has read, and reads one beat ahead. */
const REMEMBERED_SHUTDOWNS = 2;

/**
 * Shutdowns as `bxb` reads them: the mark that ends one is the very next annotation. A shutdown mark that is followed by
 * anything else is the AHA database's single one in the middle of a shutdown, which then lasts from a match window after
 * the beat (or flutter) before to a match window before what follows. Nothing inside a flutter bracket is read, neither
 * beats nor noise marks.
 * @param window of matching beats, in samples
 */
export function timelineOf(annotations: readonly Annotation[], window = 0): Timeline {
  const beats: Annotation[] = [];
  const flutter: Interval[] = [];
  const shutdowns: Interval[] = [];
  const shutdownsBefore: number[] = [];
  let flutterStart: number | null = null;
  for (const [i, annotation] of annotations.entries()) {
    const { code, sample } = annotation;
    if (flutterStart !== null) {
      if (code !== AnnotationCode.flutterEnd) continue;
      flutter.push({ start: flutterStart, end: sample });
      flutterStart = null;
    } else if (code === AnnotationCode.flutterStart) {
      flutterStart = sample;
    } else if (isShutdownMark(annotation)) {
      const next = annotations[i + 1];
      if (next === undefined) shutdowns.push({ start: sample, end: Number.POSITIVE_INFINITY });
      else if (next.code === AnnotationCode.signalQuality && !isShutdownMark(next)) {
        shutdowns.push({ start: sample, end: next.sample });
      } else {
        const end = next.sample - window;
        const before = Math.max(beats.at(-1)?.sample ?? 0, flutter.at(-1)?.end ?? 0);
        shutdowns.push({ start: Math.min(before + window, end), end });
      }
    } else if (isBeatCode(code) || code === AnnotationCode.flutterWave) {
      beats.push(annotation);
      shutdownsBefore.push(shutdowns.length);
    }
  }
  shutdownsBefore.push(shutdowns.length);
  if (flutterStart !== null) flutter.push({ start: flutterStart, end: Number.POSITIVE_INFINITY });
  return { beats, flutter, shutdowns, shutdownsBefore };
}

/** @param beat the next one to be compared. Is a place without a beat inside a shutdown that is remembered there? */
export function isInShutdown(
  { shutdowns, shutdownsBefore }: Timeline,
  beat: number,
  sample: number,
): boolean {
  const read = shutdownsBefore[Math.min(beat + 1, shutdownsBefore.length - 1)] ?? 0;
  return isInside(shutdowns.slice(Math.max(0, read - REMEMBERED_SHUTDOWNS), read), sample);
}

export function isInside(intervals: readonly Interval[], sample: number): boolean {
  for (const { start, end } of intervals) {
    if (start <= sample && sample <= end) return true;
  }
  return false;
}
