/** Whose heart the simulated board is wired to: a record, or a synthetic patient. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { makeSyntheticRecord } from '@rhythmd/ecg/synthetic/synthetic-patient.ts';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';

export interface Patient {
  /** For people: "record 208 (MLII, V1)". */
  readonly description: string;
  readonly rateHz: number;
  readonly leadNames: readonly string[];
  /** Millivolts, all of one length. */
  readonly leads: readonly Float32Array[];
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
      description: `record ${read.name} (${read.leadNames.join(', ')})`,
      rateHz: read.rateHz,
      leadNames: read.leadNames,
      leads: read.leads,
    };
  } catch (error) {
    const missing = error instanceof RhythmdError && error.code === 'E_RECORD_NOT_FOUND';
    if (!missing || record.includes('/')) throw error;
    return synthetic(seed, `; record ${record} was not found`);
  }
}

function synthetic(seed: number, remark: string): Patient {
  const { rateHz, leadNames, leads } = makeSyntheticRecord({ seed, rateHz: PIPELINE_RATE_HZ }, SYNTHETIC_S);
  return { description: `a synthetic patient (seed ${seed}${remark})`, rateHz, leadNames, leads };
}
