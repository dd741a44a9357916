/** Whose heart the simulated board is wired to: a record, or a synthetic patient. */
import { existsSync } from 'node:fs';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { ecgSignals } from '@rhythmd/ecg/lead-names.ts';
import { makeSyntheticRecord } from '@rhythmd/ecg/synthetic/synthetic-patient.ts';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import { type Annotation, rescaleAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { isVoltage } from '@rhythmd/ecg/wfdb/units.ts';
import { LeadWindow } from '@rhythmd/records/lead-window.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import { annotationPath, OWN_ANNOTATOR, readAnnotations } from '@rhythmd/records/read-annotations.ts';
import type { RecordReader } from '@rhythmd/records/record-reader.ts';

/** A lead in memory, or one that is read from its file as it is played. */
export interface PlayedLead {
  readonly length: number;
  /** NaN where it was lost. */
  at(sample: number): number | undefined;
}

export interface Patient {
  /** Name of the record; null for a synthetic patient. */
  readonly record: string | null;
  /** For people: "record 208 (MLII, V1)". */
  readonly description: string;
  readonly rateHz: number;
  readonly leadNames: readonly string[];
  /** Millivolts, all of one length. */
  readonly leads: readonly PlayedLead[];
  /** Positions of normal beats, where they are known: noise is scaled by them. */
  readonly normalBeats: readonly number[];
}

/** As long as an MIT-BIH record. */
const SYNTHETIC_S = 1800;
/** Longer records are not held in memory. */
const MAX_IN_MEMORY_S = 3600;

/**
 * A record by path or name, or `synthetic`. A name that is in none of the record folders gives the synthetic
 * patient, and the description says so; a path that leads nowhere is an error.
 * @throws E_RECORD_NOT_FOUND and what reading a record throws
 */
export function openPatient(record: string, seed: number): Patient {
  if (record === 'synthetic') return synthetic(seed, '');
  try {
    const read = openRecord(record);
    const signals = ecgSignals(
      read.header.signals.map((signal, i) => ({ name: read.leadNames[i]!, isVoltage: isVoltage(signal) })),
    );
    if (signals.length === 0) {
      throw new RhythmdError('E_NO_ECG', `record ${read.name} has no signal that is an ECG in volts`);
    }
    const leadNames = signals.map((signal) => read.leadNames[signal]!);
    return {
      record: read.name,
      description: `record ${read.name} (${leadNames.join(', ')})`,
      rateHz: read.rateHz,
      leadNames,
      leads: leadsOf(read, signals),
      normalBeats: normalBeatsOf(annotationsOf(read)),
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

/** The file stays open as long as the program runs, where leads are read as they are played. */
function leadsOf(read: RecordReader, signals: readonly number[]): PlayedLead[] {
  const window = new LeadWindow(read, signals);
  const { sampleCount, rateHz } = read;
  if (sampleCount > MAX_IN_MEMORY_S * rateHz) {
    return signals.map((_, lead) => ({
      length: sampleCount,
      at: (sample) => (sample >= 0 && sample < sampleCount ? window.at(lead, sample) : undefined),
    }));
  }
  const leads = signals.map(() => new Float32Array(sampleCount));
  for (let first = 0; first < sampleCount; ) {
    const parts = window.stretch(first, sampleCount - first);
    for (const [lead, part] of parts.entries()) leads[lead]!.set(part, first);
    first += parts[0]!.length;
  }
  read.close();
  return leads;
}

/** A record without annotations can be played, too. */
function annotationsOf({ path, header, rateHz }: RecordReader): readonly Annotation[] {
  if (!existsSync(annotationPath(path, OWN_ANNOTATOR))) return [];
  return rescaleAnnotations(readAnnotations(path, OWN_ANNOTATOR), header.rateHz, rateHz);
}

const NORMAL: readonly number[] = [
  AnnotationCode.normal,
  AnnotationCode.leftBundleBranchBlock,
  AnnotationCode.rightBundleBranchBlock,
];

function normalBeatsOf(annotations: readonly Annotation[]): number[] {
  return annotations.filter((a) => NORMAL.includes(a.code)).map((a) => a.sample);
}
