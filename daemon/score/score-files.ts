/** From records and annotation files to scores. */
import { join } from 'node:path';
import { type RecordScore, type SetScore, scoreRecord, scoreSet } from '@rhythmd/ecg/ec57/score.ts';
import { annotationRateHz, rescaleAnnotations } from '@rhythmd/ecg/wfdb/annotation.ts';
import { PACED_RECORDS } from '@rhythmd/records/mitdb.ts';
import { readAnnotationFile, readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readHeader, readRecord } from '@rhythmd/records/read-record.ts';

export interface ScoreRequest {
  readonly records: readonly string[];
  readonly reference: string;
  readonly test: string;
  /** Where the test annotations are; null: beside the records. */
  readonly testFolder: string | null;
  readonly fromS: number;
  readonly folders: readonly string[];
}

export interface ScoreReport {
  readonly request: ScoreRequest;
  readonly records: readonly RecordScore[];
  readonly all: SetScore;
  /** EC57's own set: without the paced records; null where none of them was asked for. */
  readonly unpaced: SetScore | null;
}

/** @throws RhythmdError E_RECORD_NOT_FOUND, E_RECORD_READ, E_WFDB_... naming the file */
export function scoreFiles(request: ScoreRequest): ScoreReport {
  const records = request.records.map((record) => scoreFile(record, request));
  const unpaced = records.filter(({ record }) => !PACED_RECORDS.includes(record));
  return {
    request,
    records,
    all: scoreSet(records),
    unpaced: unpaced.length === records.length || unpaced.length === 0 ? null : scoreSet(unpaced),
  };
}

function scoreFile(
  record: string,
  { reference, test, testFolder, fromS, folders }: ScoreRequest,
): RecordScore {
  const { name, rateHz, sampleCount } = readHeader(record, folders);
  const annotations =
    testFolder === null
      ? readAnnotations(record, test, folders)
      : readAnnotationFile(join(testFolder, `${name}.${test}`));
  // The reference's time base is the one that counts (EC57), so the test's is brought to it.
  const rescaled = rescaleAnnotations(annotations, annotationRateHz(annotations) ?? rateHz, rateHz);
  return scoreRecord(name, readAnnotations(record, reference, folders), rescaled, {
    rateHz,
    fromSample: Math.round(fromS * rateHz),
    endSample: sampleCount ?? readRecord(record, folders).sampleCount,
  });
}
