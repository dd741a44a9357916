/** A WFDB record from disk: header and signals, checked against the header's checksums. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { parseHeader, type RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { toMillivolts } from '@rhythmd/ecg/wfdb/millivolts.ts';
import { checksumOf, decodeSignals, signalFiles } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { findRecord, recordFolders } from './folders.ts';

export interface WfdbRecord {
  readonly name: string;
  /** Without extension, absolute. */
  readonly path: string;
  readonly header: RecordHeader;
  readonly rateHz: number;
  readonly sampleCount: number;
  readonly leadNames: readonly string[];
  /** Values as stored, one array per lead. */
  readonly adc: readonly Int16Array<ArrayBuffer>[];
  /** Millivolts, one array per lead; NaN where a sample was lost. */
  readonly leads: readonly Float32Array<ArrayBuffer>[];
}

/**
 * The path (without extension) of a record given by path or name.
 * @throws RhythmdError E_RECORD_NOT_FOUND
 */
export function locateRecord(nameOrPath: string, folders: readonly string[] = recordFolders()): string {
  const path = findRecord(nameOrPath.replace(/\.hea$/, ''), folders);
  if (path !== null) return path;
  throw new RhythmdError(
    'E_RECORD_NOT_FOUND',
    nameOrPath.includes('/')
      ? `there is no ${nameOrPath}.hea`
      : `record ${nameOrPath} is in none of the record folders (${folders.join(', ')})`,
    'Get the MIT-BIH records with "npm run records -- fetch" or name a folder in records.folders',
  );
}

/** @throws RhythmdError E_RECORD_NOT_FOUND, E_RECORD_READ, E_WFDB_HEADER, E_WFDB_UNSUPPORTED */
export function readHeader(nameOrPath: string, folders?: readonly string[]): RecordHeader {
  const path = locateRecord(nameOrPath, folders);
  return parseHeader(readRecordFile(`${path}.hea`).toString('latin1'), `${basename(path)}.hea`);
}

/**
 * @throws RhythmdError E_RECORD_NOT_FOUND, E_RECORD_READ (a file is missing), E_WFDB_HEADER,
 * E_WFDB_UNSUPPORTED, E_WFDB_TRUNCATED, E_WFDB_CHECKSUM
 */
export function readRecord(nameOrPath: string, folders?: readonly string[]): WfdbRecord {
  const path = locateRecord(nameOrPath, folders);
  const header = readHeader(path, folders);
  const bytesByFile = new Map<string, Uint8Array>();
  for (const { fileName } of signalFiles(header)) {
    bytesByFile.set(fileName, readRecordFile(join(dirname(path), fileName)));
  }
  const adc = decodeSignals(header, bytesByFile);
  for (const [index, signal] of header.signals.entries()) {
    const checksum = checksumOf(adc[index]!);
    // Without a count the file may have grown since the header was written: no sum is that of all samples then.
    if (header.sampleCount !== null && signal.checksum !== null && signal.checksum !== checksum) {
      throw new RhythmdError(
        'E_WFDB_CHECKSUM',
        `${signal.fileName}: the samples of signal ${index} sum to ${checksum}, the header says ${signal.checksum}`,
        'The signal file is damaged; fetch or copy it again',
      );
    }
  }
  return {
    name: basename(path),
    path,
    header,
    rateHz: header.rateHz,
    sampleCount: adc[0]?.length ?? header.sampleCount ?? 0,
    leadNames: header.signals.map((signal, index) => signal.description || `signal ${index}`),
    adc,
    leads: header.signals.map((signal, index) => toMillivolts(adc[index]!, signal)),
  };
}

/** @throws RhythmdError E_RECORD_READ */
export function readRecordFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new RhythmdError(
      'E_RECORD_READ',
      missing ? `there is no ${path}` : `${path} cannot be read: ${(cause as Error).message}`,
      missing ? 'The record is incomplete; fetch or copy it again' : '',
      { cause },
    );
  }
}
