/** Records as the rhythm network sees them, and what is known of their rhythm. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { RHYTHM_RATE_HZ, RHYTHM_STEP_SECONDS } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { RhythmSignal } from '@rhythmd/ecg/rhythm/rhythm-signal.ts';
import { Resampler } from '@rhythmd/ecg/signal/resampler.ts';
import { PIPELINE_RATE_HZ, type Samples } from '@rhythmd/ecg/types.ts';
import { findBesideRecords } from '@rhythmd/records/folders.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import {
  beatsOf,
  type ReferenceBeat,
  RHYTHM_DATABASES,
  type RhythmDatabase,
  referenceOf,
} from './reference.ts';

export interface RhythmRecord {
  readonly database: RhythmDatabase;
  readonly name: string;
  /** One or two, millivolts at the network's rate, lost samples held; the first is what is judged. */
  readonly leads: readonly Float32Array[];
  readonly beats: readonly ReferenceBeat[];
  /** `referenceOf`, one a sample of the leads. */
  readonly reference: Int8Array;
}

/** The noise of nstdb: two signals of half an hour each. */
export type RecordedNoise = Readonly<Record<'bw' | 'em' | 'ma', readonly Float32Array[]>>;

const CHUNK = 4096;

/**
 * Every record of the databases that lie beside the configured record folders.
 * @throws RhythmdError E_RECORD_NOT_FOUND
 */
export function readRhythmRecords(onRecord: (name: string) => void = () => {}): RhythmRecord[] {
  return RHYTHM_DATABASES.flatMap((database) => {
    const list = findBesideRecords(join(database, 'RECORDS'));
    if (list === null) {
      throw new RhythmdError(
        'E_RECORD_NOT_FOUND',
        `database ${database} lies beside none of the record folders`,
        `The rhythm network learns from ${RHYTHM_DATABASES.join(', ')} and nstdb of PhysioNet.`,
      );
    }
    return namesIn(list).map((name) => {
      onRecord(`${database}/${name}`);
      return readRhythmRecord(database, join(dirname(list), name));
    });
  });
}

export function readRecordedNoise(): RecordedNoise {
  const read = (name: string): Float32Array[] => {
    const { leads, rateHz } = readRecord(name);
    return leads.map((lead) => rhythmTrack(lead, rateHz));
  };
  return { bw: read('bw'), em: read('em'), ma: read('ma') };
}

function readRhythmRecord(database: RhythmDatabase, path: string): RhythmRecord {
  const { name, leads, rateHz } = readRecord(path);
  const tracks = leads.slice(0, 2).map((lead) => rhythmTrack(lead, rateHz));
  const annotations = readAnnotations(path, 'atr');
  return {
    database,
    name,
    leads: tracks,
    beats: beatsOf(annotations, rateHz),
    reference: referenceOf(database, name, annotations, rateHz, tracks[0]!.length),
  };
}

/**
 * A signal at the network's rate, put together from the very windows that a daemon would show it.
 * @param lead millivolts, NaN where a sample was lost
 */
function rhythmTrack(lead: Float32Array, rateHz: number): Float32Array {
  const step = RHYTHM_STEP_SECONDS * PIPELINE_RATE_HZ;
  const steps = Math.floor((lead.length * PIPELINE_RATE_HZ) / rateHz / step);
  const perPipelineSample = RHYTHM_RATE_HZ / PIPELINE_RATE_HZ;
  const track = new Float32Array(Math.round(steps * step * perPipelineSample));
  let known = 0;
  const keep = (sample: number, window: Float32Array): void => {
    const end = Math.min(track.length, Math.round(sample * perPipelineSample));
    const from = Math.max(known, end - window.length);
    if (from < end) track.set(window.subarray(window.length - (end - from)), from);
    known = end;
  };
  const signal = new RhythmSignal();
  const resampler = new Resampler({ inputRateHz: rateHz, outputRateHz: PIPELINE_RATE_HZ, leads: 1 });
  const take = ({ leads, count, first }: Samples): void => signal.push(leads[0]!, count, first, keep);
  for (let first = 0; first < lead.length; first += CHUNK) {
    const part = lead.subarray(first, first + CHUNK);
    resampler.push({ first, rateHz, leads: [part], count: part.length, flags: 0, lost: 0 }, take);
  }
  resampler.flush(take);
  return track;
}

function namesIn(list: string): string[] {
  return readFileSync(list, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
