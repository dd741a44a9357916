/** A clean record with the stress test's noise added: the published `118e06` and such are made, not stored. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { type NoiseSchedule, NoiseTrack } from '@rhythmd/ecg/noise/noise-track.ts';
import { gainAtSnr, measureGainAt0Db, NSTDB_GAINS_AT_0_DB } from '@rhythmd/ecg/noise/signal-to-noise.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { readAnnotations } from './read-annotations.ts';
import { readRecord, type WfdbRecord } from './read-record.ts';

/** Conducted from the atria: with bundle branch block too, or record 118 would have none. */
export const NORMAL_CODES: readonly number[] = [
  AnnotationCode.normal,
  AnnotationCode.leftBundleBranchBlock,
  AnnotationCode.rightBundleBranchBlock,
];

export interface NoiseOptions {
  /** `em` electrode motion, `ma` muscle, `bw` baseline wander. */
  readonly noise: string;
  readonly snrDb: number;
  readonly schedule?: NoiseSchedule;
}

/** One noisy signal in millivolts for each of the record's. @throws RhythmdError as readRecord, E_NOISE_GAIN */
export function noisyLeads(
  record: WfdbRecord,
  options: NoiseOptions,
  folders?: readonly string[],
): Float32Array<ArrayBuffer>[] {
  const noise = readRecord(options.noise, folders);
  if (noise.rateHz !== record.rateHz) {
    throw new RhythmdError(
      'E_NOISE_GAIN',
      `noise ${noise.name} has ${noise.rateHz} Hz, record ${record.name} ${record.rateHz} Hz`,
    );
  }
  return record.leads.map((lead, index) => {
    const signal = index % noise.leads.length;
    const gainAt0Db =
      (options.noise === 'em' ? NSTDB_GAINS_AT_0_DB.get(record.name)?.[index] : undefined) ??
      measureGainAt0Db(lead, normalBeats(record, folders), noise.leads[signal]!, record.rateHz);
    if (gainAt0Db === null) {
      throw new RhythmdError(
        'E_NOISE_GAIN',
        `record ${record.name} has no normal beats to measure its signal-to-noise ratio by`,
        'Choose a record with reference annotations',
      );
    }
    const noisy = lead.slice();
    const gain = gainAtSnr(gainAt0Db, options.snrDb);
    const { schedule } = options;
    const track = { noise: noise.leads[signal]!, gain, rateHz: record.rateHz };
    new NoiseTrack(schedule ? { ...track, schedule } : track).add(noisy);
    return noisy;
  });
}

function normalBeats(record: WfdbRecord, folders: readonly string[] | undefined): number[] {
  return readAnnotations(record.path, 'atr', folders)
    .filter(({ code }) => NORMAL_CODES.includes(code))
    .map(({ sample }) => sample);
}
