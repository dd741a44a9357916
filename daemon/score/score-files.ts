/** From records and annotation files to scores. */
import { join } from 'node:path';
import { type RecordScore, type SetScore, scoreRecord, scoreSet } from '@rhythmd/ecg/ec57/score.ts';
import { annotationsAt } from '@rhythmd/ecg/wfdb/annotation.ts';
import { PACED_RECORDS } from '@rhythmd/records/mitdb.ts';
import { locateRecord, openRecord, readHeader, recordName } from '@rhythmd/records/open-record.ts';
import { readAnnotationFile, readAnnotations } from '@rhythmd/records/read-annotations.ts';
import type { Warn } from '@rhythmd/records/record-reader.ts';

export interface ScoreRequest {
  readonly records: readonly string[];
  readonly reference: string;
  readonly test: string;
  /** Where the test annotations are; null: beside the records. */
  readonly testFolder: string | null;
  readonly fromS: number;
  readonly folders: readonly string[];
  readonly warn?: Warn;
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
  { reference, test, testFolder, fromS, folders, warn }: ScoreRequest,
): RecordScore {
  const { rateHz, sampleCount } = readHeader(record, folders);
  const name = recordName(locateRecord(record, folders));
  const annotations =
    testFolder === null
      ? readAnnotations(record, test, folders, warn)
      : // The reference's time base is the one that counts (EC57), so the test's is brought to it.
        annotationsAt(rateHz, readAnnotationFile(join(testFolder, `${name}.${test}`), warn));
  const references = readAnnotations(record, reference, folders, warn);
  return scoreRecord(name, references, annotations, {
    rateHz,
    fromSample: Math.round(fromS * rateHz),
    endSample: sampleCount ?? lengthOf(record, folders) ?? references.at(-1)?.sample ?? 0,
  });
}

/** Where the header does not say: what its files hold; null when they are not there. */
function lengthOf(record: string, folders: readonly string[]): number | null {
  try {
    const reader = openRecord(record, { folders });
    reader.close();
    return Math.round((reader.sampleCount * reader.header.rateHz) / reader.rateHz);
  } catch {
    return null;
  }
}
