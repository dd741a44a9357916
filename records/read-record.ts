/** A whole record in memory: for records of minutes and for programs that go back and forth. */

import type { RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { LOST_SAMPLE } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { toPhysical } from '@rhythmd/ecg/wfdb/units.ts';
import { openRecord } from './open-record.ts';
import { BLOCK_SAMPLES, type RecordReader, type Warn } from './record-reader.ts';

export { locateRecord, readHeader } from './open-record.ts';
export { readRecordFile } from './record-file.ts';

export interface WfdbRecord {
  readonly name: string;
  /** Of a WFDB record without extension; absolute. */
  readonly path: string;
  readonly header: RecordHeader;
  readonly rateHz: number;
  readonly sampleCount: number;
  readonly leadNames: readonly string[];
  /** Values as stored, one array per lead; LOST_SAMPLE where one was lost. */
  readonly adc: readonly Int32Array<ArrayBuffer>[];
  /** Millivolts, one array per lead, or the header's own unit where that is no voltage; NaN where a sample was lost. */
  readonly leads: readonly Float32Array<ArrayBuffer>[];
}

/** @throws RhythmdError as openRecord */
export function readRecord(
  nameOrPath: string,
  folders?: readonly string[],
  warn: Warn = () => {},
): WfdbRecord {
  const reader = openRecord(nameOrPath, { folders, warn });
  try {
    return readAll(reader);
  } finally {
    reader.close();
  }
}

function readAll(reader: RecordReader): WfdbRecord {
  const { name, path, header, rateHz, sampleCount, leadNames } = reader;
  const adc = header.signals.map(() => new Int32Array(sampleCount).fill(LOST_SAMPLE));
  for (let first = 0; first < sampleCount; first += BLOCK_SAMPLES) {
    for (const [index, values] of reader.read(first, BLOCK_SAMPLES).entries()) adc[index]!.set(values, first);
  }
  const leads = header.signals.map((signal, index) => toPhysical(adc[index]!, signal));
  return { name, path, header, rateHz, sampleCount, leadNames, adc, leads };
}
