/**
 * When a record begins. WFDB's header has date and time without a zone: ours are UTC. It allows fractions of a
 * second, but not every reader does: the header says whole seconds, and a comment the exact time.
 */
import type { RecordHeader } from './header.ts';

/** What of a header says when its record begins. */
export type StartHeader = Pick<RecordHeader, 'baseTime' | 'baseDate' | 'comments'>;

const EXACT_START = /^ first sample at (\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)$/;

export interface StartFields {
  /** `HH:MM:SS` */
  readonly baseTime: string;
  /** `DD/MM/YYYY` */
  readonly baseDate: string;
  readonly comment: string;
}

/** @param startMs milliseconds since 1970 */
export function formatStart(startMs: number): StartFields {
  const exact = new Date(startMs).toISOString();
  const [year, month, day] = exact.slice(0, 10).split('-');
  return {
    baseTime: exact.slice(11, 19),
    baseDate: `${day}/${month}/${year}`,
    comment: ` first sample at ${exact}`,
  };
}

/** Milliseconds since 1970; null when the header gives no date and time, or one that no calendar has. */
export function startOf({ baseTime, baseDate, comments }: StartHeader): number | null {
  for (const comment of comments) {
    const exact = EXACT_START.exec(comment)?.[1];
    if (exact !== undefined && !Number.isNaN(Date.parse(exact))) return Date.parse(exact);
  }
  const date = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(baseDate ?? '');
  const time = /^(\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d*)?)$/.exec(baseTime ?? '');
  if (!date || !time) return null;
  return utcMilliseconds(
    [Number(date[3]), Number(date[2]), Number(date[1])],
    [Number(time[1]), Number(time[2]), Number(time[3])],
  );
}

/** Milliseconds since 1970; null for a day or a time that does not exist (40/13, 25:61), which `Date` would roll over. */
export function utcMilliseconds(
  [year, month, day]: readonly [year: number, month: number, day: number],
  [hours, minutes, seconds]: readonly [hours: number, minutes: number, seconds: number],
): number | null {
  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!exists || !(hours < 24 && minutes < 60 && seconds < 60)) return null;
  return date.getTime() + Math.round(((hours * 60 + minutes) * 60 + seconds) * 1000);
}

/** The comments without an exact start, which a piece of the record does not share. */
export function withoutStart(comments: readonly string[]): string[] {
  return comments.filter((comment) => !EXACT_START.test(comment));
}
