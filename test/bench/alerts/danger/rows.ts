/** Outcomes of many records added up: the rows of the targets, per database and together. */
import type { Danger } from './episodes.ts';
import { judgedTrue } from './judged.ts';
import type { EpisodeOutcome, RecordOutcome } from './outcome.ts';

/** Fibrillation of this long must be told within as many seconds; tachycardia is looked at by length. */
const LONG_S = 10;
const MIDDLE_S = 5;

export interface Share {
  readonly found: number;
  readonly of: number;
}

export interface DangerRows {
  readonly records: number;
  /** Of 10 s or more, with a high alarm within 10 s of the onset. */
  readonly fibrillationInTime: Share;
  readonly fibrillationNamed: Share;
  readonly fibrillationCovered: Share;
  /** By an alarm of tachycardia or fibrillation, by length of the episode; and by any of high priority. */
  readonly tachycardia10: Share;
  readonly tachycardia5: Share;
  readonly tachycardia0: Share;
  readonly tachycardiaAny: Share;
  readonly tachycardiaCovered: Share;
  /** Of 5 s or more: by its own alarm, and by any high one. */
  readonly asystole: Share;
  readonly asystoleAny: Share;
  readonly asystoleCovered: Share;
  readonly falseHigh: number;
  readonly falsePerHour: number;
  /** Without those that were judged true (judged.ts). */
  readonly judgedFalsePerHour: number;
  readonly falseByKind: Readonly<Record<string, number>>;
  readonly unreadable: Share;
  /** Of annotated NOISE, and of what is neither that nor fibrillation. */
  readonly noiseTold: Share;
  readonly noiseToldOutside: Share;
  readonly delayMedianS: number | null;
  readonly delay95S: number | null;
}

export function rowsOf(outcomes: readonly RecordOutcome[]): DangerRows {
  const all = outcomes.flatMap(({ episodes }) => episodes);
  const of = (danger: Danger, from: number, to = Number.POSITIVE_INFINITY) =>
    all.filter((e) => e.danger === danger && e.toS - e.fromS >= from && e.toS - e.fromS < to);
  const count = (episodes: readonly EpisodeOutcome[], isFound: (e: EpisodeOutcome) => boolean): Share => ({
    found: episodes.filter(isFound).length,
    of: episodes.length,
  });
  const covered = (danger: Danger): Share => ({
    found: sum(of(danger, 0).map(({ coveredS }) => coveredS)),
    of: sum(of(danger, 0).map(({ fromS, toS }) => toS - fromS)),
  });
  const named = ({ namedDelayS }: EpisodeOutcome) => namedDelayS !== null;
  const told = ({ highDelayS }: EpisodeOutcome) => highDelayS !== null;
  const hours = sum(outcomes.map(({ outsideS }) => outsideS)) / 3600;
  const falseAlarms = outcomes.flatMap(({ falseHigh }) => falseHigh);
  const falseByKind: Record<string, number> = {};
  for (const { kind } of falseAlarms) falseByKind[kind] = (falseByKind[kind] ?? 0) + 1;
  const delays = of('fibrillation', 0)
    .flatMap(({ highDelayS }) => (highDelayS === null ? [] : [highDelayS]))
    .sort((a, b) => a - b);
  const quantile = (q: number) => delays[Math.min(delays.length - 1, Math.floor(q * delays.length))] ?? null;
  return {
    records: outcomes.length,
    fibrillationInTime: count(of('fibrillation', LONG_S), (e) => (e.highDelayS ?? Infinity) <= LONG_S),
    fibrillationNamed: count(of('fibrillation', 0), named),
    fibrillationCovered: covered('fibrillation'),
    tachycardia10: count(of('tachycardia', LONG_S), named),
    tachycardia5: count(of('tachycardia', MIDDLE_S, LONG_S), named),
    tachycardia0: count(of('tachycardia', 0, MIDDLE_S), named),
    tachycardiaAny: count(of('tachycardia', 0), told),
    tachycardiaCovered: covered('tachycardia'),
    asystole: count(of('asystole', MIDDLE_S), named),
    asystoleAny: count(of('asystole', MIDDLE_S), told),
    asystoleCovered: covered('asystole'),
    falseHigh: falseAlarms.length,
    falsePerHour: hours === 0 ? 0 : falseAlarms.length / hours,
    judgedFalsePerHour: hours === 0 ? 0 : (falseAlarms.length - judgedTrue(outcomes)) / hours,
    falseByKind,
    unreadable: { found: sum(outcomes.map((o) => o.unreadableS)), of: sum(outcomes.map((o) => o.readableS)) },
    noiseTold: { found: sum(outcomes.map((o) => o.noiseToldS)), of: sum(outcomes.map((o) => o.noiseS)) },
    noiseToldOutside: {
      found: sum(outcomes.map((o) => o.noiseToldOutsideS)),
      of: sum(outcomes.map((o) => o.readableS)),
    },
    delayMedianS: quantile(0.5),
    delay95S: quantile(0.95),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** As people read it; a dash for none. */
export function formatShare({ found, of }: Share): string {
  if (of === 0) return '-';
  return `${Math.round(found)} of ${Math.round(of)} (${((100 * found) / of).toFixed(1)} %)`;
}
