/** From recordings to a report: labels, counts, chosen moments. Hours of signal are never in memory at once. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { countAlarms } from '@rhythmd/ecg/holter/alarms.ts';
import { chooseEvents, type HolterEvent } from '@rhythmd/ecg/holter/events.ts';
import { Holter } from '@rhythmd/ecg/holter/holter.ts';
import type { Alarm, Place } from '@rhythmd/ecg/holter/report.ts';
import type { Drawing } from '@rhythmd/ecg/paper/drawing.ts';

import type { BeatTemplate } from '@rhythmd/ecg/review/templates.ts';
import { BEAT_LABELS } from '@rhythmd/ecg/types.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import type { ModelCard } from '../classify/model-card.ts';
import { zoneOffsetMs } from '../export/local-time.ts';
import { VERSION } from '../version.ts';
import type { FinishedReport, ReportFacts } from './finished-report.ts';
import { modelOf } from './measured.ts';
import { addToTemplates, stripAround, type TemplateSums } from './part-signal.ts';
import { recordedAlarms } from './recorded-alarms.ts';
import { type LabelOptions, type PartLabels, partLabels } from './report-labels.ts';
import type { ReportPart, ReportParts } from './report-parts.ts';
import { momentOf } from './report-time.ts';
import { kindTitle } from './titles.ts';

export interface ReportOptions extends LabelOptions {
  readonly nowMs: number;
  readonly device: string | null;
  /** Of the model configured now; null: none is, or its card cannot be read. */
  readonly card: () => Promise<ModelCard | null>;
  /** Told what is being done, and which share of all is. */
  readonly onProgress: (doing: string, share: number) => void;
}

/** Reading labels and signal, and drawing, in parts of the whole when nothing has to be analysed. */
const DRAWING_SHARE = 0.1;

/** @throws RhythmdError as partLabels */
export async function makeReport(
  { parts, startMs, isStrungTogether }: ReportParts,
  options: ReportOptions,
): Promise<FinishedReport> {
  const holter = new Holter({
    pauseS: options.settings.pauseSeconds,
    hourPhaseS: startMs === null ? 0 : ((startMs + zoneOffsetMs(startMs)) % 3_600_000) / 1000,
  });
  const totalS = parts.reduce((sum, { sampleCount, rateHz }) => sum + sampleCount / rateHz, 0);
  const sums: TemplateSums = { lead: null, rateHz: 0, byLabel: new Map() };
  const analysed = new Map<ReportPart, PartLabels>();
  const records: ReportFacts['records'][number][] = [];
  const alarms: Alarm[] = [];
  let areAlarmsKnown = true;
  let correctedBeats = 0;
  let seenBeats = 0;
  const correctors = new Set<string>();
  let doneS = 0;
  for (const part of parts) {
    options.interruption.throwIfAborted();
    const seconds = part.sampleCount / part.rateHz;
    const tell = (share: number) =>
      options.onProgress(
        part.record,
        ((doneS + share * seconds) / Math.max(totalS, 1e-9)) * (1 - DRAWING_SHARE),
      );
    const labels = await partLabels(part, options, tell);
    if (labels.source === 'analysis') analysed.set(part, labels);
    const { record, path, fromS, rateHz, sampleCount } = part;
    const { annotations, named, tellsRhythms, source } = labels;
    holter.add({ fromS, rateHz, sampleCount, annotations, named, tellsRhythms });
    const reader = openRecord(path, options.open);
    try {
      await addToTemplates(sums, reader, part, annotations);
    } finally {
      reader.close();
    }
    if (labels.alarms !== null) alarms.push(...placed(labels.alarms, part));
    else if (source !== 'recording') areAlarmsKnown = false;
    records.push({ record, from_s: fromS, duration_s: seconds, labels: source });
    correctedBeats += labels.corrected.beats;
    seenBeats += labels.corrected.seen;
    for (const by of labels.corrected.by) correctors.add(by);
    doneS += seconds;
    tell(0);
    // Everything else gets its turn: the daemon makes reports beside its work.
    await nextTurn();
  }
  const counted = holter.build();
  if (startMs !== null && records.some(({ labels }) => labels === 'recording')) {
    const told = await recordedAlarms(parts[0]!.path, startMs, startMs + counted.duration_s * 1000);
    if (told === null) areAlarmsKnown = false;
    else alarms.push(...told);
  }
  const events = chooseEvents(counted, highAlarms(alarms, parts));
  const isByModel = records.some(({ labels }) => labels !== 'annotator');
  const card = isByModel ? await options.card() : null;
  const facts: ReportFacts = {
    version: VERSION,
    made_ms: options.nowMs,
    device: options.device,
    records,
    start_ms: startMs,
    strung_together: isStrungTogether,
    annotator: options.annotator,
    lead: sums.lead,
    corrected: { beats: correctedBeats, seen: seenBeats, by: [...correctors] },
    model:
      card === null
        ? null
        : modelOf(
            card,
            records.every(({ labels }) => labels !== 'recording'),
          ),
    alarms: areAlarmsKnown ? countAlarms(alarms) : null,
    events,
    templates: templatesOf(sums),
  };
  const annotations = async (part: ReportPart) =>
    (analysed.get(part) ?? (await partLabels(part, options, () => {}))).annotations;
  const strips = await stripsOf(events, parts, startMs, annotations, options);
  options.onProgress('done', 1);
  return { facts, holter: counted, strips };
}

/** Alarms of an analysed record, on the report's axis; those outside of the part are left out. */
function placed(alarms: NonNullable<PartLabels['alarms']>, part: ReportPart): Alarm[] {
  const { first, rateHz, sampleCount, fromS } = part;
  const inReport = (seconds: number) => seconds - first / rateHz + fromS;
  const endS = fromS + sampleCount / rateHz;
  return alarms
    .map(({ kind, priority, start_s, end_s }) => ({
      kind,
      priority,
      start_s: inReport(start_s),
      end_s: end_s === null ? null : inReport(end_s),
    }))
    .filter(({ start_s, end_s }) => start_s < endS && (end_s ?? start_s) >= fromS);
}

function highAlarms(alarms: readonly Alarm[], parts: readonly ReportPart[]) {
  return alarms
    .filter(({ priority }) => priority === 'high')
    .flatMap((alarm): (Place & { alarm: Alarm; title: string })[] => {
      const recording = parts.findIndex(
        ({ fromS, sampleCount, rateHz }) =>
          alarm.start_s >= fromS && alarm.start_s < fromS + sampleCount / rateHz,
      );
      const part = parts[recording];
      if (part === undefined) return [];
      const sample = Math.round((alarm.start_s - part.fromS) * part.rateHz);
      return [{ at_s: alarm.start_s, recording, sample, alarm, title: kindTitle(alarm.kind) }];
    });
}

function templatesOf({ byLabel }: TemplateSums): BeatTemplate[] {
  return BEAT_LABELS.flatMap((label) => {
    const kept = byLabel.get(label);
    const template = kept?.sum.build(label, kept.count) ?? null;
    return template === null ? [] : [template];
  });
}

/** Labels are read now, signal and paper when a renderer asks for the strip. */
async function stripsOf(
  events: readonly HolterEvent[],
  parts: readonly ReportPart[],
  startMs: number | null,
  annotationsOf: (part: ReportPart) => Promise<PartLabels['annotations']>,
  { open }: ReportOptions,
): Promise<() => Generator<Drawing>> {
  const around = new Map<HolterEvent, PartLabels['annotations']>();
  let last = { part: null as ReportPart | null, annotations: [] as PartLabels['annotations'] };
  for (const event of events) {
    const part = parts[event.recording]!;
    if (last.part !== part) last = { part, annotations: await annotationsOf(part) };
    around.set(event, near(last.annotations, event.sample, part.rateHz));
  }
  return function* () {
    for (const event of events) {
      const part = parts[event.recording]!;
      const reader = openRecord(part.path, open);
      try {
        const title = `${momentOf(startMs, event.at_s)}   ${event.title}`;
        const drawing = stripAround(reader, part, around.get(event)!, event.sample, title);
        if (drawing !== null) yield drawing;
      } finally {
        reader.close();
      }
    }
  };
}

/** What a strip can show, and the marks that still hold at its beginning. */
function near(
  annotations: PartLabels['annotations'],
  sample: number,
  rateHz: number,
): PartLabels['annotations'] {
  const reach = 20 * rateHz;
  return annotations.filter(
    ({ sample: at, aux, code }) =>
      Math.abs(at - sample) <= reach ||
      (at < sample && (aux !== null || code === AnnotationCode.signalQuality)),
  );
}
