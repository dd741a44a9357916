/** Whose heart the simulated board is wired to: a record, or a synthetic patient. */
import { readRecord } from '@rhythmd/records/read-record.ts';

export interface Patient {
  /** For people: "record 208 (MLII, V1)". */
  readonly description: string;
  readonly rateHz: number;
  readonly leadNames: readonly string[];
  /** Millivolts, all of one length. */
  readonly leads: readonly Float32Array[];
}

/** @throws E_RECORD_NOT_FOUND and what reading a record throws */
export function openPatient(record: string, _seed: number): Patient {
  const read = readRecord(record);
  return {
    description: `record ${read.name} (${read.leadNames.join(', ')})`,
    rateHz: read.rateHz,
    leadNames: read.leadNames,
    leads: read.leads,
  };
}
