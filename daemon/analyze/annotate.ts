/** What an analysis found as WFDB annotations: a code per beat, rhythm and quality marks. */
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import { type Annotation, rescaleAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { codeOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { codeOfLabel } from '../publish/beat-event.ts';
import { qualityMarks } from './quality-marks.ts';
import type { AnalysedBeat, Findings } from './record-analysis.ts';
import { rhythmMarks } from './rhythm-marks.ts';

/** @param rateHz of the record the annotations are for; @param channel the signal that was classified */
export function annotationsOf(findings: Findings, rateHz: number, channel: number): Annotation[] {
  const { beats, alerts, quality, sampleCount } = findings;
  const all = [
    ...qualityMarks(quality, channel),
    ...rhythmMarks(beats, alerts, sampleCount),
    ...beats.map((beat) => beatAnnotation(beat, channel)),
  ];
  // Marks come before a beat at the same sample: they say how to read it. (Array sort is stable.)
  all.sort((a, b) => a.sample - b.sample);
  return rescaleAnnotations(all, PIPELINE_RATE_HZ, rateHz);
}

function beatAnnotation({ sample, label }: AnalysedBeat, channel: number): Annotation {
  const code = codeOf(codeOfLabel(label))!;
  return { sample, code, subtype: 0, channel, num: 0, aux: null };
}
