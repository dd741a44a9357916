/** Times of day on paper: the clock of this computer, always with its zone. */

/** Local time minus UTC at that moment. */
export function zoneOffsetMs(timeMs: number): number {
  return -new Date(timeMs).getTimezoneOffset() * 60_000;
}

/** `UTC`, `UTC+1`, `UTC+5:30` */
export function zoneName(timeMs: number): string {
  const minutes = Math.round(zoneOffsetMs(timeMs) / 60_000);
  if (minutes === 0) return 'UTC';
  const rest = Math.abs(minutes) % 60;
  const hours = Math.trunc(Math.abs(minutes) / 60);
  return `UTC${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

/** `2026-11-22 15:00:01` */
export function localTime(timeMs: number): string {
  return new Date(timeMs + zoneOffsetMs(timeMs)).toISOString().slice(0, 19).replace('T', ' ');
}

export function localTimeWithZone(timeMs: number): string {
  return `${localTime(timeMs)} ${zoneName(timeMs)}`;
}

/** The zone with a space before it, where it is another one than at the beginning: clocks are changed at night, and an hour comes twice. */
export function zoneIfChanged(startMs: number, timeMs: number): string {
  return zoneOffsetMs(timeMs) === zoneOffsetMs(startMs) ? '' : ` ${zoneName(timeMs)}`;
}
