/** Counts of a lead in 16 bits, for files that hold no more. */
import { findFormat } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import type { PieceLead } from './piece.ts';
import type { LeadSurvey } from './piece-survey.ts';

export const MAX_DIGITAL = 32767;

/** digital = adc * scale + offset. */
export interface DigitalScale {
  readonly scale: number;
  readonly offset: number;
}

/**
 * Counts as they are, where 16 bits hold the record's; else what there is, spread over 16 bits.
 * @param min smallest digital value: -32768, or one more where that one means something
 */
export function digitalScale(
  { signal, name }: PieceLead,
  { least, most }: LeadSurvey,
  min: number,
): DigitalScale {
  const fits =
    least >= min &&
    most <= MAX_DIGITAL &&
    (signal.format === 0 || findFormat(signal.format, name).bits <= 16);
  if (fits || least > most) return { scale: 1, offset: 0 };
  const scale = (MAX_DIGITAL - min) / Math.max(1, most - least);
  return { scale, offset: min - least * scale };
}

export function digitalOf(adc: number, { scale, offset }: DigitalScale, min: number): number {
  return Math.max(min, Math.min(MAX_DIGITAL, Math.round(adc * scale + offset)));
}
