/** Whose heart the simulated board is wired to: a record, or a synthetic patient. */
import { existsSync } from 'node:fs';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { makeSyntheticRecord } from '@rhythmd/ecg/synthetic/synthetic-patient.ts';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';

export interface Patient {
  /** Name of the record; null for a synthetic patient. */
  readonly record: string | null;
  /** For people: "record 208 (MLII, V1)". */
  readonly description: string;
  readonly rateHz: number;
  readonly leadNames: readonly string[];
  /** Millivolts, all of one length. */
  readonly leads: readonly Float32Array[];
  /** Positions of normal beats, where they are known: noise is scaled by them. */
  readonly normalBeats: readonly number[];
}

/** As long as an MIT-BIH record. */
const SYNTHETIC_S = 1800;

/**
 * A record by path or name, or `synthetic`. A name that is in none of the record folders gives the synthetic
 * patient, and the description says so; a path that leads nowhere is an error.
 * @throws E_RECORD_NOT_FOUND and what reading a record throws
 */
export function openPatient(record: string, seed: number): Patient {
  if (record === 'synthetic') return synthetic(seed, '');
  try {
    const read = readRecord(record);
    return {
      record: read.name,
      description: `record ${read.name} (${read.leadNames.join(', ')})`,
      rateHz: read.rateHz,
      leadNames: read.leadNames,
      leads: read.leads,
      normalBeats: normalBeatsOf(annotationsOf(read.path)),
    };
  } catch (error) {
    const missing = error instanceof RhythmdError && error.code === 'E_RECORD_NOT_FOUND';
    if (!missing || record.includes('/')) throw error;
    return synthetic(seed, `; record ${record} was not found`);
  }
}

function synthetic(seed: number, remark: string): Patient {
  const made = makeSyntheticRecord({ seed, rateHz: PIPELINE_RATE_HZ }, SYNTHETIC_S);
  const { rateHz, leadNames, leads, annotations } = made;
  return {
    record: null,
    description: `a synthetic patient (seed ${seed}${remark})`,
    rateHz,
    leadNames,
    leads,
    normalBeats: normalBeatsOf(annotations),
  };
}

/** A record without annotations can be played, too. */
function annotationsOf(path: string): readonly Annotation[] {
  return existsSync(`${path}.atr`) ? readAnnotations(path, 'atr') : [];
}

const NORMAL: readonly number[] = [
  AnnotationCode.normal,
  AnnotationCode.leftBundleBranchBlock,
  AnnotationCode.rightBundleBranchBlock,
];

function normalBeatsOf(annotations: readonly Annotation[]): number[] {
  return annotations.filter((a) => NORMAL.includes(a.code)).map((a) => a.sample);
}
