/**
 * What a Holter report says. Names and units as the JSON file has them; `_s` counts seconds from the report's beginning.
 * null is "not known", never zero.
 */
import type { AlertPriority, EC57_LABELS } from '../types.ts';

/** The five classes that a beat can have by EC57. */
export type HolterClass = (typeof EC57_LABELS)[number];

/** A moment, and where to read its signal. */
export interface Place {
  readonly at_s: number;
  /** Which of the recordings, and the sample in it. */
  readonly recording: number;
  readonly sample: number;
}

export interface RateAt extends Place {
  readonly bpm: number;
}

export interface Pause extends Place {
  readonly duration_s: number;
}

export interface Run extends Place {
  readonly beats: number;
  readonly duration_s: number;
  /** null where two beats are no rate, or flutter is part of it. */
  readonly bpm: number | null;
}

/** Ectopic beats as EC57 counts them: a fusion beat is no ventricular beat, but belongs to couplets and runs of them. */
export interface Ectopy {
  readonly beats: number;
  /** Fusion beats: among those in couplets and runs, and among the single ones. */
  readonly fusion: number;
  /** Of all beats, 0 to 1. */
  readonly share: number | null;
  readonly single: number;
  readonly couplets: number;
  /** Three and more in a row. */
  readonly runs: number;
  readonly longest_run: Run | null;
  readonly fastest_run: Run | null;
  /** First of each, for a strip. */
  readonly first_single: Place | null;
  readonly first_couplet: Place | null;
}

export interface Hour {
  readonly from_s: number;
  readonly to_s: number;
  readonly recorded_s: number;
  readonly readable_s: number;
  readonly beats: number;
  readonly mean_bpm: number | null;
  readonly slowest_bpm: number | null;
  readonly fastest_bpm: number | null;
  readonly ventricular: HourEctopy | null;
  readonly supraventricular: HourEctopy | null;
  readonly pauses: number | null;
  readonly atrial_fibrillation_s: number | null;
}

export interface HourEctopy {
  readonly beats: number;
  readonly couplets: number;
  readonly runs: number;
}

export interface RhythmEpisode extends Place {
  readonly duration_s: number;
}

export interface RhythmShare {
  /** As WFDB writes it, without the bracket: `AFIB`. */
  readonly rhythm: string;
  readonly episodes: number;
  readonly total_s: number;
  /** Of the readable time, 0 to 1. */
  readonly share: number | null;
  readonly longest: RhythmEpisode;
}

export interface AtrialFibrillation {
  /** Of the readable time, 0 to 1. */
  readonly burden: number | null;
  readonly total_s: number;
  readonly episodes: number;
  readonly longest: RhythmEpisode | null;
  /** The longest of them, in time order. */
  readonly listed: readonly RhythmEpisode[];
}

/** Time domain, over intervals between two normal beats (Task Force of the ESC and NASPE, 1996). */
export interface HeartRateVariability {
  readonly nn_intervals: number;
  readonly sdnn_ms: number;
  readonly rmssd_ms: number;
  /** Of successive intervals, 0 to 1. */
  readonly pnn50: number;
}

export interface Alarm {
  readonly kind: string;
  readonly priority: AlertPriority;
  readonly start_s: number;
  /** null: it stands at the end. */
  readonly end_s: number | null;
}

export interface AlarmCount {
  readonly kind: string;
  readonly priority: AlertPriority;
  readonly count: number;
  readonly longest_s: number | null;
}

export interface HolterReport {
  /** From the first sample to the last. */
  readonly duration_s: number;
  readonly recorded_s: number;
  readonly readable_s: number;
  /** Of what was recorded, 0 to 1; null: nothing was. */
  readonly readable_share: number | null;
  readonly beats: {
    readonly total: number;
    /** By EC57's classes; null where whoever named the beats cannot name the class. */
    readonly by_class: Readonly<Record<HolterClass, number | null>>;
  };
  readonly rates: {
    readonly mean_bpm: number | null;
    /** Means of so many intervals in a row. */
    readonly over_intervals: number;
    readonly slowest: RateAt | null;
    readonly fastest: RateAt | null;
  };
  readonly ventricular: Ectopy | null;
  readonly supraventricular: Ectopy | null;
  /** Ventricular flutter or fibrillation. */
  readonly flutter: {
    readonly episodes: number;
    readonly total_s: number;
    readonly longest: RhythmEpisode;
  } | null;
  readonly pauses: {
    readonly limit_s: number;
    readonly count: number;
    /** The longest of them, the longest first. */
    readonly longest: readonly Pause[];
  } | null;
  readonly atrial_fibrillation: AtrialFibrillation | null;
  readonly rhythms: readonly RhythmShare[] | null;
  readonly heart_rate_variability: HeartRateVariability | null;
  readonly hours: readonly Hour[];
}
