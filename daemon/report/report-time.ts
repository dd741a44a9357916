/** Times in a report: of day where the recording has one, else from its beginning. */
import { localTime, zoneIfChanged } from '../export/local-time.ts';
import { clockTime } from '../score/clock-time.ts';

/** A moment of a report, for people; with its zone where the clock was changed since the beginning. */
export function momentOf(startMs: number | null, atS: number): string {
  if (startMs === null) return clockTime(Math.round(atS));
  const timeMs = startMs + atS * 1000;
  return `${localTime(timeMs)}${zoneIfChanged(startMs, timeMs)}`;
}

/** `2 h 5 min`, `5 min 20 s`, `20 s`, `1.5 s` */
export function durationText(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
