/**
 * Shutdown marks: `~` with both bits 0x30 of its subtype where nothing can be read, `~` without them where it can be
 * again (ANSI/AAMI EC57, as WFDB's bxb reads it).
 */
import type { LeadQuality } from '@rhythmd/ecg/types.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';

const SHUTDOWN = 0x30;

export interface QualityPoint {
  readonly sample: number;
  readonly quality: LeadQuality;
}

/** @param changes of the analysed lead, in order; @param channel its number */
export function qualityMarks(changes: readonly QualityPoint[], channel: number): Annotation[] {
  const marks: Annotation[] = [];
  let isReadable = true;
  for (const { sample, quality } of changes) {
    const readable = quality === 'good';
    if (readable === isReadable) continue;
    isReadable = readable;
    const subtype = readable ? 0 : SHUTDOWN;
    marks.push({ sample, code: AnnotationCode.signalQuality, subtype, channel, num: 0, aux: null });
  }
  return marks;
}
