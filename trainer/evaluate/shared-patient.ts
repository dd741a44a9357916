/**
 * Records 201 and 202 come from one man (MIT-BIH Arrhythmia Database Directory: 48 records, 47 patients), and de Chazal's
 * division has one of them on either side. So every figure of DS2 is told without 202 too.
 */
import type { Dataset } from '../data/dataset.ts';
import { argMax } from './metrics.ts';

export const SHARED_PATIENT = { trained: '201', tested: '202' } as const;

export interface Unshared {
  readonly beats: number;
  readonly accuracy: number;
}

/** @param logits of the beats, [beats, classes]; @returns null where no such beat is among them */
export function withoutSharedPatient(
  { record, records, label }: Dataset,
  beats: Uint32Array,
  logits: Float32Array,
): Unshared | null {
  const classes = logits.length / beats.length;
  let told = 0;
  let right = 0;
  for (const [i, beat] of beats.entries()) {
    if (records[record[beat]!]!.name === SHARED_PATIENT.tested) continue;
    told++;
    if (argMax(logits, i * classes, classes) === label[beat]) right++;
  }
  return told === beats.length || told === 0 ? null : { beats: told, accuracy: right / told };
}
