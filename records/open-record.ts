/** Opens whatever a RECORD names: a WFDB record by path or name, or a file in one of the other containers. */
import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { type CsvOptions, CsvReader } from './csv-reader.ts';
import { EdfReader } from './edf-reader.ts';
import { findRecord, recordFolders } from './folders.ts';
import { IshneReader } from './ishne-reader.ts';
import { RecordFile } from './record-file.ts';
import type { ContainerName, RecordReader, Warn } from './record-reader.ts';
import { readWfdbHeader, WfdbReader } from './wfdb/wfdb-reader.ts';

export interface OpenOptions {
  readonly folders?: readonly string[] | undefined;
  readonly warn?: Warn | undefined;
  /** What a CSV file does not say itself. */
  readonly csv?: CsvOptions | undefined;
}

/**
 * Where a record lies: a WFDB record's path without extension, or a file's path.
 * @throws RhythmdError E_RECORD_NOT_FOUND
 */
export function locateRecord(nameOrPath: string, folders: readonly string[] = recordFolders()): string {
  const path = findRecord(nameOrPath, folders);
  if (path !== null) return path;
  throw notFound(nameOrPath, folders);
}

/** Says what was looked for: whoever names a file or a folder has no use for a word on record folders. */
function notFound(nameOrPath: string, folders: readonly string[]): RhythmdError {
  const [message, fix] = statSync(nameOrPath, { throwIfNoEntry: false })?.isDirectory()
    ? [`${nameOrPath} is a folder`, 'Name a record in it, by its path without the extension']
    : /\.[A-Za-z]{3,5}$/.test(nameOrPath)
      ? [`there is no file ${nameOrPath}`, 'Look for a slip in the path']
      : nameOrPath.includes('/')
        ? [`there is no ${nameOrPath}.hea`, 'Look for a slip in the path']
        : [
            `record ${nameOrPath} is in none of the record folders (${folders.join(', ')})`,
            'Get the MIT-BIH records with "npm run records -- fetch" or name a folder in records.folders',
          ];
  return new RhythmdError('E_RECORD_NOT_FOUND', message, fix);
}

/**
 * The caller closes it.
 * @throws RhythmdError E_RECORD_NOT_FOUND, E_RECORD_READ, E_RECORD_KIND, and what is wrong with the file
 */
export function openRecord(nameOrPath: string, options: OpenOptions = {}): RecordReader {
  const path = locateRecord(nameOrPath, options.folders);
  const warn = options.warn ?? (() => {});
  switch (containerOf(path)) {
    case 'WFDB':
      return new WfdbReader(path, warn);
    case 'EDF':
    case 'BDF':
      return new EdfReader(path, warn);
    case 'ISHNE':
      return new IshneReader(path);
    case 'CSV':
      return new CsvReader(path, options.csv ?? {}, warn);
  }
}

/** Rate and length, without looking at samples where the header has them. @throws RhythmdError as openRecord */
export function readHeader(nameOrPath: string, folders?: readonly string[]): RecordHeader {
  const path = locateRecord(nameOrPath, folders);
  if (containerOf(path) === 'WFDB') return readWfdbHeader(path);
  const reader = openRecord(path);
  reader.close();
  return reader.header;
}

/** For people and for files made from it: without folder and extension. @param path as `locateRecord` gives it */
export function recordName(path: string): string {
  const name = basename(path);
  return existsSync(`${path}.hea`) ? name : name.replace(/\.[A-Za-z]{3,5}$/, '');
}

const SNIFFED_BYTES = 512;

/** @param path as `locateRecord` gives it. @throws RhythmdError E_RECORD_KIND, naming the kinds that are read */
export function containerOf(path: string): ContainerName {
  if (existsSync(`${path}.hea`)) return 'WFDB';
  const file = new RecordFile(path);
  const bytes = file.read(0, SNIFFED_BYTES);
  file.close();
  const start = String.fromCharCode(...bytes.subarray(0, 8));
  if (start === '0       ') return 'EDF';
  if (start === '\xffBIOSEMI') return 'BDF';
  if (start === 'ISHNE1.0') return 'ISHNE';
  if (looksLikeText(bytes)) return 'CSV';
  throw new RhythmdError(
    'E_RECORD_KIND',
    `${path} is none of the kinds of file that are read`,
    'These are: WFDB records (name the .hea or leave the extension out), EDF, EDF+, BDF, CSV and TSV, ISHNE Holter files',
  );
}

/** No control characters but those of lines and columns; which text it is, its own reader says. */
function looksLikeText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));
}
