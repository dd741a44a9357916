/**
 * The quality gate over whole leads: peaks in unreadable stretches go, and each stretch becomes a shutdown mark, so
 * that the referee can tell honest silence (column X) from a miss. With more leads a stretch is unreadable when
 * none of them can be read.
 */
import { SHUTDOWN_BITS } from '@rhythmd/ecg/ec57/timeline.ts';
import { QualityGate } from '@rhythmd/ecg/signal/quality-gate.ts';
import type { Peak, QualityChange } from '@rhythmd/ecg/types.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { stream } from '@rhythmd/trainer/detector/beats.ts';

export interface Gated {
  readonly peaks: readonly Peak[];
  /** WFDB noise marks: shutdown at the start of a stretch, clear at its end. */
  readonly marks: readonly Annotation[];
  readonly unreadableShare: number;
}

export function gate(
  leads: readonly Float32Array[],
  rateHz: number,
  peaks: readonly Peak[],
  weights?: Float32Array,
): Gated {
  const length = leads[0]?.length ?? 0;
  const unreadable = new Uint8Array(length);
  for (const changes of qualityChanges(leads, rateHz, weights)) {
    for (const [index, { sample, quality }] of changes.entries()) {
      if (quality === 'good' || quality === 'settling') continue;
      const end = changes[index + 1]?.sample ?? length;
      for (let i = sample; i < end; i++) unreadable[i]!++;
    }
  }
  const marks: Annotation[] = [];
  let total = 0;
  let isOut = false;
  for (let i = 0; i < length; i++) {
    const isOutNow = unreadable[i] === leads.length;
    if (isOutNow) total++;
    if (isOutNow !== isOut) marks.push(noiseMark(i, isOutNow ? SHUTDOWN_BITS : 0));
    isOut = isOutNow;
  }
  const readable = peaks.filter(({ sample }) => unreadable[sample] !== leads.length);
  return { peaks: readable, marks, unreadableShare: total / length };
}

/** Per lead, in the order of their samples: a later change overrides what was assumed since its sample. */
function qualityChanges(
  leads: readonly Float32Array[],
  rateHz: number,
  weights: Float32Array | undefined,
): QualityChange[][] {
  const perLead: QualityChange[][] = leads.map(() => []);
  const qualityGate = new QualityGate({ rateHz, leads: leads.length, ...(weights && { weights }) });
  const note = (change: QualityChange): void => {
    const changes = perLead[change.lead]!;
    while (changes.length > 0 && changes.at(-1)!.sample >= change.sample) changes.pop();
    changes.push({ ...change });
  };
  stream(leads, rateHz, (samples) => qualityGate.push(samples, note));
  return perLead;
}

function noiseMark(sample: number, subtype: number): Annotation {
  return { sample, code: AnnotationCode.signalQuality, subtype, channel: 0, num: 0, aux: null };
}
