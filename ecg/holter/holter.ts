/** A Holter report out of recordings, one after the other: only counts and the chosen moments stay in memory. */
import { rhythmIntervals } from '../ec57/rhythm-intervals.ts';
import { EC57_LABELS } from '../types.ts';
import { EctopyCount } from './ectopy.ts';
import { HeartRates, RATE_INTERVALS } from './heart-rates.ts';
import { Hours } from './hours.ts';
import { type HolterRecording, readRecording } from './recording.ts';
import type { HolterClass, HolterReport, Run } from './report.ts';
import { RhythmEpisodes } from './rhythm-episodes.ts';

export interface HolterOptions {
  /** An RR interval of at least this is a pause. */
  readonly pauseS: number;
  /** Seconds from a full hour to the beginning of the report; 0 where the time of day is not known. */
  readonly hourPhaseS: number;
}

/** Listed one by one; there may be thousands. */
const EPISODES_LISTED = 50;
const FIBRILLATION = 'AFIB';
const COUPLET = 2;

export class Holter {
  readonly #options: HolterOptions;
  readonly #hours: Hours;
  readonly #rates: HeartRates;
  readonly #rhythms = new RhythmEpisodes();
  readonly #ectopy = {
    ventricular: new EctopyCount('ventricular'),
    supraventricular: new EctopyCount('supraventricular'),
  };
  readonly #counts: Record<HolterClass, number> = { N: 0, S: 0, V: 0, F: 0, Q: 0 };
  readonly #named = new Set<HolterClass>();
  #endS = 0;
  #recordedS = 0;
  #readableS = 0;
  #recordings = 0;

  constructor(options: HolterOptions) {
    this.#options = options;
    this.#hours = new Hours(options.hourPhaseS);
    this.#rates = new HeartRates(
      options.pauseS,
      (interval) => this.#hours.interval(interval),
      ({ at_s }) => this.#hours.pause(at_s),
    );
  }

  /** In time order. */
  add(recording: HolterRecording): void {
    const index = this.#recordings++;
    const { fromS, rateHz, sampleCount, annotations, named } = recording;
    const read = readRecording(recording);
    const seconds = sampleCount / rateHz;
    const unreadableS = read.unreadable.reduce((sum, { from, to }) => sum + (to - from) / rateHz, 0);
    this.#endS = Math.max(this.#endS, fromS + seconds);
    this.#recordedS += seconds;
    this.#readableS += Math.max(0, seconds - unreadableS);
    this.#hours.recorded(fromS, fromS + seconds, rateHz, read.unreadable);
    for (const name of named ?? EC57_LABELS) this.#named.add(name);
    for (const { sample, name } of read.beats) {
      this.#counts[name]++;
      this.#hours.beat(fromS + sample / rateHz, kindOf(name));
    }
    this.#rates.add(recording, read, index, rhythmIntervals(annotations, `(${FIBRILLATION}`));
    this.#rhythms.add(recording, read, index, (rhythm, from, to) => {
      if (rhythm === FIBRILLATION) this.#hours.fibrillation(from, to);
    });
    for (const kind of ['ventricular', 'supraventricular'] as const) {
      this.#ectopy[kind].add(recording, index, (run: Run) =>
        this.#hours.run(run.at_s, kind, run.beats === COUPLET),
      );
    }
  }

  build(): HolterReport {
    const total = Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
    const knows = (name: HolterClass) => total > 0 && this.#named.has(name);
    const rhythms =
      this.#readableS > 0 && this.#rhythms.isTold ? this.#rhythms.shares(this.#readableS) : null;
    const hasIntervals = this.#rates.meanBpm !== null;
    const known = { ventricular: knows('V'), supraventricular: knows('S'), rhythms: rhythms !== null };
    const flutter = rhythms?.find(({ rhythm }) => rhythm === 'VFL' || rhythm === 'VF') ?? null;
    return {
      duration_s: this.#endS,
      recorded_s: this.#recordedS,
      readable_s: this.#readableS,
      readable_share: this.#recordedS > 0 ? this.#readableS / this.#recordedS : null,
      beats: {
        total,
        by_class: Object.fromEntries(
          EC57_LABELS.map((name) => [name, knows(name) ? this.#counts[name] : null]),
        ) as HolterReport['beats']['by_class'],
      },
      rates: {
        mean_bpm: this.#rates.meanBpm,
        over_intervals: RATE_INTERVALS,
        slowest: this.#rates.slowest,
        fastest: this.#rates.fastest,
      },
      ventricular: known.ventricular
        ? this.#ectopy.ventricular.build(this.#counts.V, this.#counts.F, total)
        : null,
      supraventricular: known.supraventricular
        ? this.#ectopy.supraventricular.build(this.#counts.S, 0, total)
        : null,
      flutter:
        flutter === null
          ? null
          : { episodes: flutter.episodes, total_s: flutter.total_s, longest: flutter.longest },
      pauses: hasIntervals
        ? {
            limit_s: this.#options.pauseS,
            count: this.#rates.pauseCount,
            longest: this.#rates.pauses,
          }
        : null,
      atrial_fibrillation: rhythms === null ? null : this.#fibrillation(rhythms),
      rhythms,
      heart_rate_variability: this.#rates.variability,
      hours: this.#hours.build(this.#endS, known),
    };
  }

  #fibrillation(rhythms: NonNullable<HolterReport['rhythms']>): HolterReport['atrial_fibrillation'] {
    const share = rhythms.find(({ rhythm }) => rhythm === FIBRILLATION);
    const listed = [...this.#rhythms.episodesOf(FIBRILLATION)]
      .sort((a, b) => b.duration_s - a.duration_s)
      .slice(0, EPISODES_LISTED)
      .sort((a, b) => a.at_s - b.at_s);
    return {
      burden: share === undefined ? 0 : share.share,
      total_s: share?.total_s ?? 0,
      episodes: share?.episodes ?? 0,
      longest: share?.longest ?? null,
      listed,
    };
  }
}

function kindOf(name: HolterClass): 'ventricular' | 'supraventricular' | null {
  return name === 'V' ? 'ventricular' : name === 'S' ? 'supraventricular' : null;
}
