/** A report that is made: everything a renderer needs, and exactly what the JSON file says. */
import type { HolterEvent } from '@rhythmd/ecg/holter/events.ts';
import type { AlarmCount, HolterReport } from '@rhythmd/ecg/holter/report.ts';
import type { Drawing } from '@rhythmd/ecg/paper/drawing.ts';
import type { BeatTemplate } from '@rhythmd/ecg/review/templates.ts';
import type { Corrected, LabelSource } from './report-labels.ts';

/** What the model's card says was measured of one class. */
export interface MeasuredClass {
  readonly label: string;
  readonly sensitivity: number | null;
  readonly positive_predictivity: number | null;
}

export interface ReportModel {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  /** false: a recording does not say which model named its beats; this is the one configured now. */
  readonly is_known: boolean;
  readonly measured: {
    /** On what: as the card says. */
    readonly of: string;
    readonly classes: readonly MeasuredClass[];
  } | null;
}

export interface ReportFacts {
  readonly version: string;
  readonly made_ms: number;
  /** `device.label`, or the device's id; null where neither is set. */
  readonly device: string | null;
  readonly records: readonly {
    readonly record: string;
    readonly from_s: number;
    readonly duration_s: number;
    readonly labels: LabelSource;
  }[];
  /** Wall time of the beginning; null: not known. */
  readonly start_ms: number | null;
  /** Recordings without a time of day stand one after the other. */
  readonly strung_together: boolean;
  readonly annotator: string | null;
  readonly lead: string | null;
  readonly corrected: Corrected;
  readonly model: ReportModel | null;
  readonly alarms: readonly AlarmCount[] | null;
  readonly events: readonly HolterEvent[];
  readonly templates: readonly BeatTemplate[];
}

export interface FinishedReport {
  readonly facts: ReportFacts;
  readonly holter: HolterReport;
  /** One for each event, drawn when it is asked for. */
  readonly strips: () => Generator<Drawing>;
}

export const NOTICE = 'rhythmd, not a medical device';

/** All of a few, the first and the last of many. */
export function recordsText(records: ReportFacts['records']): string {
  const names = records.map(({ record }) => record);
  return names.length > 8
    ? `${names.slice(0, 3).join(', ')} ... ${names.at(-1)} (${names.length})`
    : names.join(', ');
}

/** Flat: what was asked of the file stands beside what was counted. */
export function reportJson({ facts, holter }: FinishedReport): string {
  return `${JSON.stringify({ format: 'rhythmd report 1', notice: 'not a medical device', ...facts, ...holter }, null, 1)}\n`;
}
