/** Times within a record, for people: `5:00`, `1:02:03`, `12:34.5`. */

/** Seconds from `SS`, `MM:SS` or `H:MM:SS`, fractions allowed in the last; null when it is none of them. */
export function parseClockTime(text: string): number | null {
  const match = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)$/.exec(text);
  if (!match) return null;
  const [hours, minutes, seconds] = [match[1], match[2], match[3]].map((part) => Number(part ?? 0));
  if (match[2] !== undefined && (seconds ?? 0) >= 60) return null;
  if (match[1] !== undefined && (minutes ?? 0) >= 60) return null;
  return ((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
}

/** Tenths of a second only where there are any. */
export function clockTime(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const whole = Math.floor(tenths / 10);
  const two = (value: number) => String(value).padStart(2, '0');
  const fraction = tenths % 10 === 0 ? '' : `.${tenths % 10}`;
  const minutes = Math.floor(whole / 60);
  const rest = `${two(whole % 60)}${fraction}`;
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}
