/**
 * Records of any database as the pipeline sees them: at 360 Hz, whatever the board's rate was, and their beats there.
 *
 * A name without a folder is a record of the MIT-BIH Arrhythmia Database; `svdb/800` is one of the folder `svdb` beside
 * the configured record folders.
 */
import { readFileSync } from 'node:fs';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { Resampler } from '@rhythmd/ecg/signal/resampler.ts';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { findBesideRecords } from '@rhythmd/records/folders.ts';
import { MITDB_RECORDS } from '@rhythmd/records/mitdb.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { locateRecord, type WfdbRecord } from '@rhythmd/records/read-record.ts';

export const DATABASES = ['mitdb', 'svdb'] as const;
export type DatabaseName = (typeof DATABASES)[number];

/** The records of a database that are here, as data sets name them. @throws E_DATABASE_MISSING */
export function recordsOf(database: DatabaseName): string[] {
  if (database === 'mitdb') return [...MITDB_RECORDS];
  const list = findBesideRecords(`${database}/RECORDS`);
  if (list === null) {
    throw new RhythmdError(
      'E_DATABASE_MISSING',
      `there is no folder ${database} beside the record folders`,
      `Put the database's records there, with its file RECORDS`,
    );
  }
  return readFileSync(list, 'utf8')
    .split(/\s+/)
    .filter((name) => name !== '')
    .map((name) => `${database}/${name}`);
}

export function databaseOf(record: string): DatabaseName {
  return record.includes('/') ? (record.slice(0, record.indexOf('/')) as DatabaseName) : 'mitdb';
}

/** Its path without extension. @throws E_RECORD_NOT_FOUND */
export function recordPath(record: string): string {
  if (!record.includes('/')) return locateRecord(record);
  return locateRecord((findBesideRecords(`${record}.hea`) ?? record).replace(/\.hea$/, ''));
}

export interface ReferenceBeat {
  /** At 360 Hz. */
  readonly sample: number;
  readonly code: number;
}

/** In order; two annotations on one sample are one beat. */
export function referenceBeats(record: string, rateHz: number): ReferenceBeat[] {
  const beats: ReferenceBeat[] = [];
  for (const { sample, code } of readAnnotations(recordPath(record), 'atr') as readonly Annotation[]) {
    if (!isBeatCode(code)) continue;
    const at = Math.round((sample * PIPELINE_RATE_HZ) / rateHz);
    if (beats.length === 0 || at > beats.at(-1)!.sample) beats.push({ sample: at, code });
  }
  return beats;
}

/** The leads by the resampler that the daemon runs; those of 360 Hz as they are. */
export function pipelineLeads({ leads, rateHz, sampleCount }: WfdbRecord): readonly Float32Array[] {
  if (rateHz === PIPELINE_RATE_HZ) return leads;
  const length = Math.floor((sampleCount * PIPELINE_RATE_HZ) / rateHz) + 1;
  const resampled = leads.map(() => new Float32Array(length));
  const resampler = new Resampler({
    inputRateHz: rateHz,
    outputRateHz: PIPELINE_RATE_HZ,
    leads: leads.length,
  });
  let end = 0;
  const take = (samples: {
    readonly first: number;
    readonly count: number;
    readonly leads: readonly Float32Array[];
  }): void => {
    end = Math.min(length, samples.first + samples.count);
    for (const [i, lead] of samples.leads.entries()) {
      resampled[i]!.set(lead.subarray(0, end - samples.first), samples.first);
    }
  };
  resampler.push({ first: 0, rateHz, leads, count: sampleCount, flags: 0, lost: 0 }, take);
  resampler.flush(take);
  return resampled.map((lead) => lead.subarray(0, end));
}
