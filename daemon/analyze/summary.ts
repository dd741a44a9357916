/** An analysis in figures. */
import { type Answer, countAnswers } from '@rhythmd/ecg/teaching/lesson.ts';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import type { RecordReader } from '@rhythmd/records/record-reader.ts';
import type { Findings } from './record-analysis.ts';
import type { RecordLesson } from './teach.ts';
import { type ToldAlarm, toldAlarms, unreadableStretches } from './told-alarms.ts';

export interface AnalysisSummary {
  readonly record: string;
  readonly file: string;
  /** Whose beats were classified. */
  readonly lead: string;
  readonly durationS: number;
  /** Seconds in which the analysed lead could be read. */
  readonly readableS: number;
  readonly beats: number;
  /** Beats by label; `unclassified` where there was no model or no answer. */
  readonly byLabel: Readonly<Record<string, number>>;
  /** Alerts that started, by kind. */
  readonly alerts: Readonly<Record<string, number>>;
  /** The same alerts one by one, and where the analysed lead could not be read. */
  readonly alarms: readonly ToldAlarm[];
  readonly unreadable_s: readonly (readonly [from: number, to: number])[];
  /** The lesson it was judged with, in samples of the record; null: none. */
  readonly taught: {
    readonly answers: Readonly<Record<Answer, number>>;
    readonly beats: readonly { readonly sample: number; readonly answer: Answer }[];
  } | null;
  /** How many times faster than the heart. */
  readonly timesRealTime: number;
}

interface AnalysisFacts {
  readonly elapsedMs: number;
  readonly file: string;
  readonly lead: string;
  readonly taught: RecordLesson | null;
}

export function summaryOf(
  record: RecordReader,
  { labels, beats, alerts, quality, sampleCount }: Findings,
  { elapsedMs, file, lead, taught }: AnalysisFacts,
): AnalysisSummary {
  const byLabel: Record<string, number> = {};
  for (const label of labels) byLabel[label] = 0;
  for (const { label } of beats) {
    const key = label ?? 'unclassified';
    byLabel[key] = (byLabel[key] ?? 0) + 1;
  }
  const byKind: Record<string, number> = {};
  for (const { kind, phase } of alerts) if (phase === 'start') byKind[kind] = (byKind[kind] ?? 0) + 1;
  const durationS = sampleCount / PIPELINE_RATE_HZ;
  const unreadable = unreadableStretches(quality, sampleCount);
  const unreadableS = unreadable.reduce((sum, [from, to]) => sum + to - from, 0);
  return {
    record: record.name,
    file,
    lead,
    durationS: rounded(durationS),
    readableS: rounded(durationS - unreadableS),
    beats: beats.length,
    byLabel,
    alerts: byKind,
    alarms: toldAlarms(alerts),
    unreadable_s: unreadable,
    taught: taught === null ? null : lessonSummary(taught, record),
    timesRealTime: Math.round((1000 * durationS) / elapsedMs),
  };
}

function lessonSummary(
  { beats }: RecordLesson,
  { header }: Pick<RecordReader, 'header'>,
): NonNullable<AnalysisSummary['taught']> {
  const inRecord = (sample: number) => Math.round((sample * header.rateHz) / PIPELINE_RATE_HZ);
  return {
    answers: countAnswers(beats),
    beats: beats.map(({ sample, answer }) => ({ sample: inRecord(sample), answer })),
  };
}

/** One line for people. */
export function describeSummary(summary: AnalysisSummary): string {
  const { record, file, lead, durationS, readableS, beats, byLabel, alerts, taught, timesRealTime } = summary;
  const labels = Object.entries(byLabel).filter(([, count]) => count > 0);
  const named = labels.map(([label, count]) => `${label} ${count}`).join(', ');
  const kinds = Object.entries(alerts).map(([kind, count]) => `${kind} ${count}`);
  const alarmed = kinds.length === 0 ? '' : `; alerts: ${kinds.join(', ')}`;
  const unreadable = rounded(durationS - readableS);
  const answers = Object.entries(taught?.answers ?? {}).filter(([, count]) => count > 0);
  const lesson = taught === null ? '' : `, taught (${answers.map(([a, n]) => `${a} ${n}`).join(', ')})`;
  return `${record}, lead ${lead}: ${beats} beats (${named})${lesson}, ${unreadable} s unreadable${alarmed}; ${timesRealTime}x real time -> ${file}`;
}

const rounded = (value: number): number => Math.round(10 * value) / 10;
