/** Noise of the noise stress test database, scaled by its recipe to the patient at hand. */
import { measureGainAt0Db, NSTDB_GAINS_AT_0_DB } from '@rhythmd/ecg/noise/signal-to-noise.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import type { Patient, PlayedLead } from '../patient.ts';
import { Resampled } from '../resampled.ts';
import type { Fault } from './fault-kinds.ts';
import type { LeadNoise } from './signal-faults.ts';

/**
 * The noise records a script asks for, at the board's rate.
 * @throws E_RECORD_NOT_FOUND for noise that is not there
 */
export function loadNoise(
  faults: readonly Fault[],
  patient: Patient,
  rateHz: number,
): Map<string, readonly LeadNoise[]> {
  const names = new Set(faults.filter((f) => f.kind === 'noise').map((f) => String(f.parameters.record)));
  return new Map([...names].map((name) => [name, tracksOf(name, patient, rateHz)]));
}

function tracksOf(name: string, patient: Patient, rateHz: number): LeadNoise[] {
  const noise = readRecord(name);
  const published = NSTDB_GAINS_AT_0_DB.get(patient.record ?? '');
  return patient.leads.map((lead, k) => {
    const samples = noise.leads[k % noise.leads.length]!;
    const measured = measureGainAt0Db(measuredPart(lead), patient.normalBeats, samples, patient.rateHz);
    const resampled = new Resampled(samples, noise.rateHz, rateHz);
    return {
      at: (index: number) => resampled.at(index),
      length: resampled.length,
      gainAt0Db: published?.[k] ?? measured ?? 1,
    };
  });
}

/** The strength of a signal is that of its first hour: a longer one is not held in memory. */
const MAX_MEASURED_SAMPLES = 3_600_000;

function measuredPart(lead: PlayedLead): Float32Array {
  if (lead instanceof Float32Array) return lead;
  return Float32Array.from(
    { length: Math.min(lead.length, MAX_MEASURED_SAMPLES) },
    (_, i) => lead.at(i) ?? 0,
  );
}
