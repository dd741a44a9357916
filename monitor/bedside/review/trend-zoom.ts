/** How much the trend shows: an hour, six, a day, or all that was recorded. */
const HOUR_MS = 3600_000;
/** As much as the daemon gives at once. */
const MOST_MS = 7 * 24 * HOUR_MS;

export interface TrendZoom {
  readonly words: string;
  /** null: all of it. */
  readonly hours: number | null;
  readonly stepS: number;
}

export const TREND_ZOOMS: readonly TrendZoom[] = [
  { words: '1 h', hours: 1, stepS: 10 },
  { words: '6 h', hours: 6, stepS: 30 },
  { words: '24 h', hours: 24, stepS: 60 },
  { words: 'All', hours: null, stepS: 300 },
];

export interface Extent {
  readonly oldestMs: number;
  readonly newestMs: number;
}

/** The closest look that shows all of the last day: in the first hour, an hour. */
export function zoomFor({ oldestMs, newestMs }: Extent): TrendZoom {
  const hours = (newestMs - oldestMs) / HOUR_MS;
  return TREND_ZOOMS.find((zoom) => zoom.hours === 24 || (zoom.hours !== null && hours <= zoom.hours))!;
}

/** Which stretch that is, with `timeMs` inside; what is shorter than the look begins where the recording does. */
export function trendStretch(
  { hours, stepS }: TrendZoom,
  { oldestMs, newestMs }: Extent,
  timeMs: number,
): { readonly fromMs: number; readonly toMs: number; readonly stepS: number } {
  const allMs = Math.min(MOST_MS, Math.max(HOUR_MS, newestMs - oldestMs));
  const spanMs = hours === null ? allMs : hours * HOUR_MS;
  // Steps begin at whole ones: the same minute is the same bar in every look.
  const stepMs = stepS * 1000;
  const latest = Math.max(newestMs - spanMs, oldestMs);
  const wanted = timeMs >= latest && timeMs < latest + spanMs ? latest : timeMs - spanMs / 2;
  const fromMs = Math.floor(Math.max(Math.min(wanted, latest), Math.min(oldestMs, timeMs)) / stepMs) * stepMs;
  return { fromMs, toMs: fromMs + spanMs, stepS };
}
