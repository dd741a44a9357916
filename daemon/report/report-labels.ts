/**
 * Who named the beats of a part: an annotation file that was asked for, our own recording with what a person corrected, or
 * an analysis made for the report.
 */
import { existsSync } from 'node:fs';
import type { HolterClass } from '@rhythmd/ecg/holter/report.ts';
import type { Reviewed } from '@rhythmd/ecg/review/corrections.ts';
import type { RhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { EC57_LABELS } from '@rhythmd/ecg/types.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { rescaleAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode, isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import type { OpenOptions } from '@rhythmd/records/open-record.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { annotationsOf } from '../analyze/annotate.ts';
import { chooseSignals } from '../analyze/choose-signals.ts';
import { RecordAnalysis } from '../analyze/record-analysis.ts';
import type { ToldAlarm } from '../analyze/told-alarms.ts';
import { toldAlarms } from '../analyze/told-alarms.ts';
import type { Classifier } from '../classify/classifier.ts';
import type { Paced } from '../classify/paced-prior.ts';
import type { RhythmNetwork } from '../classify/rhythm-network.ts';
import { readReviewed } from '../corrections/reviewed.ts';
import { cut } from '../export/piece.ts';
import { NOT_CLASSIFIED } from '../sink/recorder/marks.ts';
import type { ReportPart } from './report-parts.ts';

export type LabelSource = 'annotator' | 'recording' | 'analysis';

export interface PartLabels {
  readonly source: LabelSource;
  /** From the part's first sample. */
  readonly annotations: readonly Annotation[];
  readonly named: readonly HolterClass[] | null;
  readonly tellsRhythms: boolean;
  /** Of an analysis, in seconds of the record. */
  readonly alarms: readonly ToldAlarm[] | null;
  readonly corrected: Corrected;
}

/** What a person said of its beats. */
export interface Corrected {
  /** Called something else, or no beat any more. */
  readonly beats: number;
  /** Named, confirmed or rejected. */
  readonly seen: number;
  readonly by: readonly string[];
}

const NOBODY: Corrected = { beats: 0, seen: 0, by: [] };

export interface Models {
  readonly classifier: Classifier | null;
  readonly rhythmNetwork: RhythmNetwork | null;
}

export interface LabelOptions {
  /** null: our own recordings say themselves, and everything else is analysed. */
  readonly annotator: string | null;
  readonly signal: string | undefined;
  readonly open: OpenOptions;
  /** All of them are the daemon's own, as the page has them; one that has just begun may have no annotations yet. */
  readonly areOwn?: boolean;
  /** Opened when the first part has to be analysed. */
  readonly models: () => Promise<Models>;
  readonly settings: RhythmSettings;
  readonly paced: Paced;
  readonly interruption: AbortSignal;
}

const NOTHING_YET: PartLabels = {
  source: 'recording',
  annotations: [],
  named: [],
  tellsRhythms: false,
  alarms: null,
  corrected: NOBODY,
};

const RECORDED_BY = /^ recorded by rhythmd /;

/** Did the daemon record it, and name its beats? */
function isOwnRecording({ path, comments }: ReportPart): boolean {
  return comments.some((comment) => RECORDED_BY.test(comment)) && existsSync(`${path}.atr`);
}

/** @param onProgress told which share of an analysis is done. @throws RhythmdError E_RECORD_READ, E_WFDB_..., E_NO_ECG, E_MODEL_... */
export async function partLabels(
  part: ReportPart,
  options: LabelOptions,
  onProgress: (share: number) => void,
): Promise<PartLabels> {
  if (options.annotator !== null) return fromFile(part, options.annotator, 'annotator', options);
  if (options.areOwn === true && !existsSync(`${part.path}.atr`)) return NOTHING_YET;
  if (options.areOwn === true || isOwnRecording(part)) return fromFile(part, 'atr', 'recording', options);
  return analysed(part, options, onProgress);
}

function fromFile(
  part: ReportPart,
  annotator: string,
  source: LabelSource,
  { open }: LabelOptions,
): PartLabels {
  const { path, rateHz, first, sampleCount } = part;
  const record = openRecord(path, open);
  record.close();
  const reviewed = source === 'recording' ? readReviewed(path, open.warn) : null;
  const all = reviewed?.annotations ?? readAnnotations(path, annotator, undefined, open.warn);
  const annotations = cut(rescaleAnnotations(all, record.header.rateHz, rateHz), first, sampleCount);
  const beats = annotations.filter(({ code }) => isBeatCode(code));
  const isNamed = beats.some(
    ({ code, subtype }) => code !== AnnotationCode.unclassifiable || subtype !== NOT_CLASSIFIED,
  );
  return {
    source,
    annotations,
    named: source === 'recording' && beats.length > 0 && !isNamed ? [] : null,
    tellsRhythms: source === 'recording',
    alarms: null,
    corrected: reviewed === null ? NOBODY : correctedWithin(reviewed, first, sampleCount),
  };
}

function correctedWithin({ changed, seen, by }: Reviewed, first: number, count: number): Corrected {
  const within = (samples: ReadonlySet<number>) =>
    [...samples].filter((sample) => sample >= first && sample < first + count).length;
  return { beats: within(changed), seen: within(seen), by };
}

async function analysed(
  part: ReportPart,
  { models, open, signal, settings, paced, interruption }: LabelOptions,
  onProgress: (share: number) => void,
): Promise<PartLabels> {
  const { classifier, rhythmNetwork } = await models();
  const record = openRecord(part.path, open);
  const failures: unknown[] = [];
  try {
    const signals = chooseSignals(record, signal);
    const findings = await new RecordAnalysis(record, {
      classifier,
      rhythmNetwork,
      signals,
      settings,
      paced,
      interruption,
      onProgress,
      onClassifierFailure: (error) => failures.push(error),
    }).run();
    if (failures.length > 0) throw failures[0];
    const annotations = annotationsOf(findings, part.rateHz, signals[0]!);
    return {
      source: 'analysis',
      annotations: cut(annotations, part.first, part.sampleCount),
      named: EC57_LABELS.filter((name) => findings.labels.includes(name)),
      tellsRhythms: true,
      alarms: toldAlarms(findings.alerts),
      corrected: NOBODY,
    };
  } finally {
    record.close();
  }
}
