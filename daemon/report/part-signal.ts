/** The signal of a part, a few seconds at a time: for strips, and for the mean beats. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { beatClassOf } from '@rhythmd/ecg/ec57/beat-classes.ts';
import type { HolterClass } from '@rhythmd/ecg/holter/report.ts';
import type { Drawing } from '@rhythmd/ecg/paper/drawing.ts';
import { drawStrip, SCALE_TEXT } from '@rhythmd/ecg/paper/strip.ts';
import { evenly, TemplateSum } from '@rhythmd/ecg/review/templates.ts';
import type { BeatLabel } from '@rhythmd/ecg/types.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { isVoltage, toPhysical } from '@rhythmd/ecg/wfdb/units.ts';
import type { RecordReader } from '@rhythmd/records/record-reader.ts';
import { cut } from '../export/piece.ts';
import { stripMarks } from '../export/strip-marks.ts';
import { NOTICE } from './finished-report.ts';
import type { ReportPart } from './report-parts.ts';

/** What fits the width of A4 upright, at 25 mm/s. */
const STRIP_S = 7;
/** Of it before the event. */
const BEFORE_S = 2;
const MOST_LEADS = 2;
/** Three strips of two leads fit a page. */
const LEAD_MM = 32;
/** A line at the moment that the title speaks of, pale enough to leave the trace alone. */
const EVENT_COLOUR = '#9db4d8';
/** Beats of a class that one part gives to its mean. */
const TEMPLATE_BEATS = 60;

export interface TemplateSums {
  /** Of the first part: a mean over different leads would mean nothing. */
  lead: string | null;
  rateHz: number;
  readonly byLabel: Map<BeatLabel, { readonly sum: TemplateSum; count: number }>;
}

export async function addToTemplates(
  sums: TemplateSums,
  record: RecordReader,
  part: ReportPart,
  annotations: readonly Annotation[],
): Promise<void> {
  const signal = voltagesOf(record)[0];
  if (signal === undefined) return;
  sums.lead ??= record.leadNames[signal]!;
  if (sums.rateHz === 0) sums.rateHz = record.rateHz;
  if (record.leadNames[signal] !== sums.lead || record.rateHz !== sums.rateHz) return;
  const samples = new Map<BeatLabel, number[]>();
  for (const { sample, code } of annotations) {
    const label = countedLabelOf(code);
    if (label === null) continue;
    const list = samples.get(label);
    if (list === undefined) samples.set(label, [sample]);
    else list.push(sample);
  }
  for (const [label, all] of samples) {
    // Everything else gets its turn: the daemon makes reports beside its work.
    await nextTurn();
    let kept = sums.byLabel.get(label);
    if (kept === undefined) {
      kept = { sum: new TemplateSum(sums.rateHz), count: 0 };
      sums.byLabel.set(label, kept);
    }
    kept.count += all.length;
    const { sum } = kept;
    for (const sample of evenly(all, TEMPLATE_BEATS)) {
      const first = part.first + sample - sum.before;
      if (first < 0) continue;
      const adc = record.read(first, sum.length)[signal]!;
      sum.add(toPhysical(adc, record.header.signals[signal]!), sum.before);
    }
  }
}

/** The seconds around a moment. @param sample in the part; @param annotations of the part */
export function stripAround(
  record: RecordReader,
  part: ReportPart,
  annotations: readonly Annotation[],
  sample: number,
  title: string,
): Drawing | null {
  const { rateHz } = record;
  const count = Math.min(Math.round(STRIP_S * rateHz), record.sampleCount);
  const wanted = part.first + sample - Math.round(BEFORE_S * rateHz);
  const first = Math.max(0, Math.min(wanted, record.sampleCount - count));
  const signals = voltagesOf(record).slice(0, MOST_LEADS);
  if (signals.length === 0 || count === 0) return null;
  const adc = record.read(first, count);
  return drawStrip({
    title,
    footer: `${SCALE_TEXT}   ${NOTICE}`,
    rateHz,
    first: 0,
    count,
    leads: signals.map((signal) => ({
      name: record.leadNames[signal]!,
      samples: toPhysical(adc[signal]!, record.header.signals[signal]!),
    })),
    marks: [
      { sample: part.first + sample - first, text: '', row: 'over', colour: EVENT_COLOUR, line: true },
      ...stripMarks(cut(annotations, first - part.first, count), countedLabelOf),
    ],
    pulse: true,
    leadMm: LEAD_MM,
  });
}

/** The class that the report counts a beat in: what a strip shows adds up to what a table says. */
function countedLabelOf(code: number): HolterClass | null {
  return isBeatCode(code) ? (beatClassOf(code) as HolterClass) : null;
}

function voltagesOf({ header }: RecordReader): number[] {
  return header.signals.flatMap((signal, i) => (isVoltage(signal) ? [i] : []));
}
