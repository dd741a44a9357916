/**
 * What alarms would come of a network's predictions alone, by the simplest rule there is: the mean of the last seconds
 * above a threshold, until it falls below a lower one. The daemon's rules use beats as well; this is to compare
 * networks, by what they are for rather than by windows.
 */
import {
  RHYTHM_CLASSES,
  RHYTHM_LEAST_RECEIVED,
  RHYTHM_RATE_HZ,
  RHYTHM_STEP_SECONDS,
  RHYTHM_WINDOW_SECONDS,
} from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import type { PredictedRecord, Predictions } from './predictions.ts';
import { ANNOTATED_NOISE, ASYSTOLE, FIBRILLATION, type RhythmDatabase, TACHYCARDIA } from './reference.ts';

const CLASSES = RHYTHM_CLASSES.length;
const STEPS_A_SECOND = 1 / RHYTHM_STEP_SECONDS;
/** A daemon says nothing of a stream's beginning, until it has received half a window. */
const SILENT_ROWS = RHYTHM_LEAST_RECEIVED * RHYTHM_WINDOW_SECONDS * STEPS_A_SECOND - 1;
/** An alarm ends this far below where it begins. */
const HYSTERESIS = 0.15;
/** Stretches of one kind less than this apart are one, in seconds. */
const JOINED = 0.5;
/** An alarm that comes this long after an episode's end still found it; one this near to an episode is not false. */
const NEAR = 5;
const SOON = 10;

export interface AlarmRule {
  readonly meanSeconds: number;
  readonly threshold: number;
}

/** Which episodes are asked for. */
export interface EpisodeKind {
  readonly name: string;
  readonly databases: readonly RhythmDatabase[];
  readonly classes: readonly number[];
  /** Seconds, the upper one exclusive. */
  readonly length: readonly [number, number];
}

export interface AlarmFigures {
  readonly episodes: number;
  readonly found: number;
  readonly withinTenSeconds: number;
  /** Share of the episodes' time with an alarm. */
  readonly covered: number;
  readonly medianDelaySeconds: number | null;
  readonly falseAlarms: number;
  readonly hours: number;
}

type Interval = readonly [number, number];

const HIGH: readonly number[] = [TACHYCARDIA, FIBRILLATION, ASYSTOLE];

/** Any high-priority rhythm counts as an alarm, as it does for who comes running. */
export function alarmFigures(
  list: readonly PredictedRecord[],
  kind: EpisodeKind,
  rule: AlarmRule,
): AlarmFigures {
  let found = 0;
  let within = 0;
  let covered = 0;
  let time = 0;
  let count = 0;
  let falseAlarms = 0;
  let seconds = 0;
  const delays: number[] = [];
  for (const { record, predictions } of list) {
    if (!kind.databases.includes(record.database)) continue;
    const alarms = alarmsOf(predictions, rule);
    for (const [start, end] of episodes(record.reference, kind.classes)) {
      if (end - start < kind.length[0] || end - start >= kind.length[1]) continue;
      count++;
      time += end - start;
      for (const [from, to] of alarms) covered += Math.max(0, Math.min(end, to) - Math.max(start, from));
      const first = alarms.find(([from, to]) => from <= end + NEAR && to >= start);
      if (first === undefined) continue;
      const delay = Math.max(0, first[0] - start);
      found++;
      delays.push(delay);
      if (delay <= SOON) within++;
    }
    const excluded = episodes(record.reference, [...HIGH, ANNOTATED_NOISE]);
    const isExcused = ([from, to]: Interval): boolean =>
      excluded.some(([start, end]) => from < end + NEAR && to > start - NEAR);
    falseAlarms += alarms.filter((alarm) => !isExcused(alarm)).length;
    seconds += record.reference.length / RHYTHM_RATE_HZ;
    for (const [start, end] of excluded) seconds -= end - start;
  }
  const ordered = delays.toSorted((a, b) => a - b);
  return {
    episodes: count,
    found,
    withinTenSeconds: within,
    covered: time === 0 ? 0 : covered / time,
    medianDelaySeconds: ordered[ordered.length >> 1] ?? null,
    falseAlarms,
    hours: seconds / 3600,
  };
}

/** When an alarm was told and when it ended, in seconds. */
export function alarmsOf(predictions: Predictions, { meanSeconds, threshold }: AlarmRule): Interval[] {
  const window = Math.max(1, Math.round(meanSeconds * STEPS_A_SECOND));
  const rows = predictions.length / CLASSES;
  const high = Float64Array.from({ length: rows }, (_, row) =>
    row < SILENT_ROWS ? 0 : HIGH.reduce((sum, c) => sum + predictions[row * CLASSES + c]!, 0),
  );
  const alarms: Interval[] = [];
  let sum = 0;
  let since: number | null = null;
  for (let row = 0; row < rows; row++) {
    sum += high[row]! - (row >= window ? high[row - window]! : 0);
    const mean = sum / Math.min(window, row + 1);
    const now = (row + 1) * RHYTHM_STEP_SECONDS;
    if (since === null && mean >= threshold) since = now;
    else if (since !== null && mean < threshold - HYSTERESIS) {
      alarms.push([since, now]);
      since = null;
    }
  }
  if (since !== null) alarms.push([since, rows * RHYTHM_STEP_SECONDS]);
  return alarms;
}

/** Stretches of the reference, in seconds. */
export function episodes(reference: Int8Array, classes: readonly number[]): Interval[] {
  const found: [number, number][] = [];
  for (let i = 0; i < reference.length; ) {
    const isOf = classes.includes(reference[i]!);
    const start = i;
    while (i < reference.length && classes.includes(reference[i]!) === isOf) i++;
    if (!isOf) continue;
    const last = found.at(-1);
    const from = start / RHYTHM_RATE_HZ;
    if (last !== undefined && from - last[1] < JOINED) last[1] = i / RHYTHM_RATE_HZ;
    else found.push([from, i / RHYTHM_RATE_HZ]);
  }
  return found;
}
