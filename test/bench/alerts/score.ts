/** One record at one level: what was alarmed against what the reference says, kind by kind. */
import type { AlertKind } from '@rhythmd/ecg/rhythm/kinds.ts';
import { countEpisodes, durationOf, type EpisodeCounts, type Interval, sharedDuration } from './interval.ts';
import { type Alarm, episodesHeard, type HeardAlert, occurrencesHeard } from './play.ts';
import { type Reference, type ReferenceBeat, spanOf, ventricularSequences } from './reference.ts';

const RATE_HZ = 360;
/** A run whose ends differ by less than EC57's match window is the same. */
const MATCH_SAMPLES = 54;
/** Reference flutter episodes shorter than this are no target. */
const FLUTTER_SECONDS = 5;

/** Kinds that gather occurrences under one alert. */
const OCCURRENCES: ReadonlySet<AlertKind> = new Set<AlertKind>([
  'couplet',
  'ventricular_run',
  'ventricular_tachycardia',
  'pause',
  'r_on_t',
]);
/** Judged by the same rule on the reference beats: no annotation says them. */
const BY_OWN_RULE: readonly AlertKind[] = [
  'asystole',
  'pause',
  'bradycardia',
  'tachycardia',
  'r_on_t',
  'frequent_ectopy',
];

export interface RecordScore {
  readonly record: string;
  readonly episodes: Readonly<Record<string, EpisodeCounts>>;
  readonly fibrillation: {
    readonly referenceSeconds: number;
    readonly foundSeconds: number;
    readonly alarmedSeconds: number;
    readonly trueSeconds: number;
    /** Alarmed during annotated atrial flutter. */
    readonly flutterSeconds: number;
  };
  /** Kinds of the high-priority alerts, as many times as they started or rose to it. */
  readonly highPriority: readonly string[];
  readonly messages: number;
  /** Seconds from the onset to the message, per matched episode. */
  readonly delays: Readonly<Record<string, readonly number[]>>;
}

function alarmsOf(heard: readonly HeardAlert[], kind: AlertKind, sampleCount: number): Alarm[] {
  return OCCURRENCES.has(kind) ? occurrencesHeard(heard, kind) : episodesHeard(heard, kind, sampleCount);
}

/** @param byRule what the rules say of the reference beats, for the kinds no annotation knows */
export function scoreRecord(
  record: string,
  reference: Reference,
  heard: readonly HeardAlert[],
  byRule: readonly HeardAlert[],
  sampleCount: number,
): RecordScore {
  const alarms = (kind: AlertKind) => alarmsOf(heard, kind, sampleCount);
  const sequences = (least: number, most?: number) =>
    ventricularSequences(reference.beats, least, most).map(spanOf).map(widened);
  const flutter = reference.flutter;
  const episodes: Record<string, EpisodeCounts> = {
    ventricular_run: countEpisodes(sequences(3), alarms('ventricular_run'), flutter),
    ventricular_tachycardia: countEpisodes(
      fastRuns(reference.beats).map(widened),
      alarms('ventricular_tachycardia'),
      flutter,
    ),
    couplet: countEpisodes(sequences(2, 2), alarms('couplet'), flutter),
    bigeminy: countEpisodes(reference.rhythms.get('(B') ?? [], alarms('bigeminy')),
    trigeminy: countEpisodes(reference.rhythms.get('(T') ?? [], alarms('trigeminy')),
    ventricular_fibrillation: countEpisodes(
      flutter.filter(({ from, to }) => to - from >= FLUTTER_SECONDS * RATE_HZ),
      alarms('ventricular_fibrillation'),
      [...flutter, ...(reference.rhythms.get('(VT') ?? [])],
    ),
  };
  for (const kind of BY_OWN_RULE) {
    episodes[kind] = countEpisodes(alarmsOf(byRule, kind, sampleCount).map(widened), alarms(kind), flutter);
  }
  const delays = {
    asystole: delaysOf(alarmsOf(byRule, 'asystole', sampleCount), alarms('asystole')),
    ventricular_run: delaysOf(sequences(3), alarms('ventricular_run')),
    ventricular_fibrillation: delaysOf(flutter, alarms('ventricular_fibrillation')),
  };
  return {
    record,
    episodes,
    fibrillation: atrialFibrillation(reference, alarms('atrial_fibrillation')),
    highPriority: highPriorityOf(heard),
    messages: heard.length,
    delays,
  };
}

function widened({ from, to }: Interval): Interval {
  return { from: from - MATCH_SAMPLES, to: to + MATCH_SAMPLES };
}

/** Runs in which five consecutive beats come at 100/min or more. */
function fastRuns(beats: readonly ReferenceBeat[]): Interval[] {
  const longest = (4 * 60 * RATE_HZ) / 100;
  return ventricularSequences(beats, 5)
    .filter((run) => run.some((beat, index) => index >= 4 && beat.sample - run[index - 4]!.sample <= longest))
    .map(spanOf);
}

function atrialFibrillation(reference: Reference, alarms: readonly Interval[]): RecordScore['fibrillation'] {
  const annotated = reference.rhythms.get('(AFIB') ?? [];
  const found = sharedDuration(annotated, alarms) / RATE_HZ;
  return {
    referenceSeconds: durationOf(annotated) / RATE_HZ,
    foundSeconds: found,
    alarmedSeconds: durationOf(alarms) / RATE_HZ,
    trueSeconds: found,
    flutterSeconds: sharedDuration(reference.rhythms.get('(AFL') ?? [], alarms) / RATE_HZ,
  };
}

/** Alerts that were of high priority at some time, once each. */
export function highPriorityOf(heard: readonly HeardAlert[]): string[] {
  const high = new Set<string>();
  const kinds: string[] = [];
  for (const alert of heard) {
    if (alert.priority !== 'high' || high.has(alert.id)) continue;
    high.add(alert.id);
    kinds.push(`${alert.kind}@${(alert.sample / RATE_HZ).toFixed(0)}`);
  }
  return kinds;
}

function delaysOf(reference: readonly Interval[], alarms: readonly Alarm[]): number[] {
  const delays: number[] = [];
  for (const episode of reference) {
    const alarm = alarms.find(({ from, to }) => from <= episode.to && to >= episode.from);
    if (alarm !== undefined)
      delays.push(Math.max(0, Math.round((100 * (alarm.heardAt - episode.from)) / RATE_HZ) / 100));
  }
  return delays;
}
