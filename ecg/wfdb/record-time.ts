/**
 * When a record begins. WFDB's header has date and time without a zone: ours are UTC. It allows fractions of a
 * second, but not every reader does: the header says whole seconds, and a comment the exact time.
 */
import type { RecordHeader } from './header.ts';

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

/** Milliseconds since 1970; null when the header gives no date and time. */
export function startOf({ baseTime, baseDate, comments }: RecordHeader): number | null {
  for (const comment of comments) {
    const exact = EXACT_START.exec(comment)?.[1];
    if (exact !== undefined) return Date.parse(exact);
  }
  const date = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(baseDate ?? '');
  const time = /^(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(baseTime ?? '');
  if (!date || !time) return null;
  const [day, month, year] = date.slice(1).map(Number) as [number, number, number];
  const [hours, minutes, seconds] = time.slice(1).map(Number) as [number, number, number];
  return Date.UTC(year, month - 1, day, hours, minutes) + Math.round(seconds * 1000);
}

/** The comments without an exact start, which a piece of the record does not share. */
export function withoutStart(comments: readonly string[]): string[] {
  return comments.filter((comment) => !EXACT_START.test(comment));
}
