/** One record's alarms against its reference episodes: what was found, how soon, for how long, and what was false. */
import type { ToldAlarm } from '@rhythmd/daemon/analyze/told-alarms.ts';
import {
  DANGERS,
  type Danger,
  joined,
  lengthS,
  type ReferenceEpisodes,
  type Stretch,
  sharedS,
} from './episodes.ts';

/** An alarm told this long after an episode's end still found it; one this near to an episode is not false. */
const NEAR_S = 5;

export interface EpisodeOutcome extends Stretch {
  readonly danger: Danger;
  /** From the onset to the first high alarm, and to the first that names it; 0 when one stood already; null: none. */
  readonly highDelayS: number | null;
  readonly namedDelayS: number | null;
  /** Seconds of it in which a high alarm stood. */
  readonly coveredS: number;
}

export interface FalseAlarm {
  readonly kind: string;
  readonly toldS: number;
  readonly endS: number;
}

export interface RecordOutcome {
  readonly database: string;
  readonly record: string;
  readonly episodes: readonly EpisodeOutcome[];
  readonly falseHigh: readonly FalseAlarm[];
  /** Seconds outside every episode. */
  readonly outsideS: number;
  /** Seconds outside fibrillation and noise, and how many of them could not be read. */
  readonly readableS: number;
  readonly unreadableS: number;
  readonly noiseS: number;
  /** Seconds of NOISE, and of the readable, in which the lead was told to be noisy or could not be read. */
  readonly noiseToldS: number;
  readonly noiseToldOutsideS: number;
}

/** Kinds that name a danger. Tachycardia and fibrillation are often taken for each other, and both call for the same. */
const NAMES: Readonly<Record<Danger, readonly string[]>> = {
  fibrillation: ['ventricular_fibrillation'],
  tachycardia: ['ventricular_tachycardia', 'ventricular_fibrillation'],
  asystole: ['asystole'],
};

export function outcomeOf(
  database: string,
  record: string,
  reference: ReferenceEpisodes,
  alarms: readonly ToldAlarm[],
  unreadable: readonly (readonly [number, number])[],
): RecordOutcome {
  const high = alarms.filter(({ priority }) => priority === 'high');
  const standing = high.map((alarm) => standingOf(alarm, reference.durationS));
  const episodes = DANGERS.flatMap((danger) =>
    reference[danger].map((episode) => ({
      ...episode,
      danger,
      highDelayS: delayOf(episode, high, reference.durationS),
      namedDelayS: delayOf(
        episode,
        high.filter(({ kind }) => NAMES[danger].includes(kind)),
        reference.durationS,
      ),
      coveredS: sharedS(episode, standing),
    })),
  );
  const conditions = DANGERS.flatMap((danger) => reference[danger]);
  const quiet = joined([...reference.fibrillation, ...reference.noise], 0);
  const blind = unreadable.map(([fromS, toS]) => ({ fromS, toS }));
  const noisy = joined(
    [
      ...blind,
      ...alarms.filter(({ kind }) => kind === 'noise').map((alarm) => standingOf(alarm, reference.durationS)),
    ],
    0,
  );
  return {
    database,
    record,
    episodes,
    falseHigh: high
      .filter((alarm) => isFalse(alarm, reference))
      .map((alarm) => ({ kind: alarm.kind, toldS: alarm.told_s, endS: alarm.end_s ?? reference.durationS })),
    outsideS: reference.durationS - lengthS(joined(conditions, 0)),
    readableS: reference.durationS - lengthS(quiet),
    unreadableS: lengthS(blind) - sharedWithAll(quiet, blind),
    noiseS: lengthS(reference.noise),
    noiseToldS: sharedWithAll(reference.noise, noisy),
    noiseToldOutsideS: lengthS(noisy) - sharedWithAll(quiet, noisy),
  };
}

/** Of the first, none of which overlap. */
function sharedWithAll(stretches: readonly Stretch[], others: readonly Stretch[]): number {
  return stretches.reduce((sum, stretch) => sum + sharedS(stretch, others), 0);
}

function standingOf({ told_s, end_s }: ToldAlarm, durationS: number): Stretch {
  return { fromS: told_s, toS: end_s ?? durationS };
}

function delayOf(episode: Stretch, alarms: readonly ToldAlarm[], durationS: number): number | null {
  let first: number | null = null;
  for (const alarm of alarms) {
    const { fromS, toS } = standingOf(alarm, durationS);
    if (toS < episode.fromS || fromS > episode.toS + NEAR_S) continue;
    const delayS = Math.max(0, fromS - episode.fromS);
    if (first === null || delayS < first) first = delayS;
  }
  return first;
}

/**
 * Neither near an episode of any danger (all are of high priority), nor, for tachycardias, near a run of ventricular
 * beats, nor, for asystole, near noise or a pause of four seconds between annotated beats.
 */
function isFalse(alarm: ToldAlarm, reference: ReferenceEpisodes): boolean {
  const fromS = Math.min(alarm.start_s, alarm.told_s);
  const toS = alarm.end_s ?? reference.durationS;
  const near = (stretches: readonly Stretch[]) =>
    stretches.some((stretch) => fromS <= stretch.toS + NEAR_S && toS >= stretch.fromS - NEAR_S);
  if (near(reference.fibrillation) || near(reference.tachycardia) || near(reference.asystole)) return false;
  if (alarm.kind.endsWith('tachycardia') && near(reference.runs)) return false;
  return !(alarm.kind === 'asystole' && (near(reference.noise) || near(reference.silences)));
}
