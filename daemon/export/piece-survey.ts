/** What has to be known of a whole piece before its first sample can be written: how far each lead goes, and what is lost. */
import { isLost } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import type { Piece } from './piece.ts';

export interface LeadSurvey {
  /** Smallest and largest count; least > most where nothing is there. */
  readonly least: number;
  readonly most: number;
  /** Stretches without samples, [from, to). */
  readonly lost: readonly (readonly [from: number, to: number])[];
}

/** More stretches than these are told as one: a lead that comes and goes so often is lost. */
const MAX_STRETCHES = 20_000;

export function survey({ leads, count, blocks }: Piece): LeadSurvey[] {
  const surveys = leads.map(() => ({
    least: Number.POSITIVE_INFINITY,
    most: Number.NEGATIVE_INFINITY,
    lost: [] as (readonly [number, number])[],
    lostFrom: -1,
  }));
  for (const { first, adc } of blocks()) {
    for (const [lead, values] of adc.entries()) {
      const told = surveys[lead]!;
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!;
        if (isLost(value)) {
          if (told.lostFrom < 0) told.lostFrom = first + i;
          continue;
        }
        if (told.lostFrom >= 0) {
          push(told.lost, told.lostFrom, first + i);
          told.lostFrom = -1;
        }
        if (value < told.least) told.least = value;
        if (value > told.most) told.most = value;
      }
    }
  }
  for (const { lost, lostFrom } of surveys) if (lostFrom >= 0) push(lost, lostFrom, count);
  return surveys;
}

function push(lost: (readonly [number, number])[], from: number, to: number): void {
  const last = lost.at(-1);
  if (lost.length < MAX_STRETCHES || last === undefined) lost.push([from, to]);
  else lost[lost.length - 1] = [last[0], to];
}
