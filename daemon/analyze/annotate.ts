/** What an analysis found as WFDB annotations: a code per beat, rhythm and quality marks. */
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import { type Annotation, rescaleAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { codeOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { codeOfLabel } from '../publish/beat-event.ts';
import { withShutdowns } from './quality-marks.ts';
import type { AnalysedBeat, Findings } from './record-analysis.ts';
import { rhythmMarks } from './rhythm-marks.ts';
import { unreadableSamples } from './told-alarms.ts';

/** @param rateHz of the record the annotations are for; @param channel the signal that was classified */
export function annotationsOf(findings: Findings, rateHz: number, channel: number): Annotation[] {
  const { beats, alerts, quality, sampleCount } = findings;
  const found = [
    ...rhythmMarks(beats, alerts, sampleCount),
    ...beats.map((beat) => beatAnnotation(beat, channel)),
  ];
  // Rhythm marks come before a beat at the same sample. (Array sort is stable.)
  found.sort((a, b) => a.sample - b.sample);
  const inRecord = (sample: number) => Math.round((sample * rateHz) / PIPELINE_RATE_HZ);
  const last = Math.max(0, inRecord(sampleCount) - 1);
  const shutdowns = unreadableSamples(quality, sampleCount).map(
    ([from, to]) => [inRecord(from), Math.min(last, inRecord(to))] as const,
  );
  return withShutdowns(rescaleAnnotations(found, PIPELINE_RATE_HZ, rateHz), shutdowns, channel);
}

function beatAnnotation({ sample, label }: AnalysedBeat, channel: number): Annotation {
  const code = codeOf(codeOfLabel(label))!;
  return { sample, code, subtype: 0, channel, num: 0, aux: null };
}
