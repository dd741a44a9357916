/**
 * Where records are looked up: `records.folders` of the configuration, or RHYTHMD_RECORDS_FOLDERS
 * (separated by the platform's path separator).
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { parse } from 'smol-toml';
import { fromInstallation } from './installation.ts';

/** Used where no configuration names any: a fetched copy, then one beside the checkout. */
export const DEFAULT_RECORD_FOLDERS: readonly string[] = [
  'data/mitdb',
  '../shared/data/mitdb',
  'data/nstdb',
  '../shared/data/nstdb',
];

/** The configured folders as absolute paths, in order of preference; they need not exist. */
export function recordFolders(): string[] {
  const fromEnvironment = process.env.RHYTHMD_RECORDS_FOLDERS;
  const folders = fromEnvironment
    ? fromEnvironment.split(delimiter)
    : (foldersOfDefaultConfig() ?? DEFAULT_RECORD_FOLDERS);
  return folders.map(fromInstallation);
}

function foldersOfDefaultConfig(): string[] | null {
  const path = fromInstallation('config/default.toml');
  if (!existsSync(path)) return null;
  const records = parse(readFileSync(path, 'utf8')).records;
  if (typeof records !== 'object' || records === null || !('folders' in records)) return null;
  return Array.isArray(records.folders) ? records.folders.map(String) : null;
}

/** Extensions of the containers that are one file, in order of preference; written in lower or upper case. */
const FILE_EXTENSIONS: readonly string[] = ['edf', 'bdf', 'rec', 'csv', 'tsv', 'ecg'];
/** Of files that belong to a WFDB record: who names one means the record. */
const WFDB_EXTENSION = /\.(?:hea|dat|mat|atr)$/;

/**
 * Where a record given by path or name lies: of a WFDB record the path without extension, else the path of its file.
 * @returns null when there is neither in any folder.
 */
export function findRecord(record: string, folders: readonly string[] = recordFolders()): string | null {
  const found = recordAt(record);
  if (found !== null) return resolve(found);
  if (record.includes('/')) return null;
  for (const folder of folders) {
    const path = recordAt(join(folder, record));
    if (path !== null) return path;
  }
  return null;
}

function recordAt(path: string): string | null {
  const stem = path.replace(WFDB_EXTENSION, '');
  if (existsSync(`${stem}.hea`)) return stem;
  if (path.endsWith('.hea')) return null;
  if (isFile(path)) return path;
  for (const extension of FILE_EXTENSIONS) {
    for (const written of [extension, extension.toUpperCase()]) {
      if (isFile(`${path}.${written}`)) return `${path}.${written}`;
    }
  }
  return null;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** A file beside the record folders, such as `ec57/matrices.json`; null when there is none. */
export function findBesideRecords(
  relativePath: string,
  folders: readonly string[] = recordFolders(),
): string | null {
  for (const folder of folders) {
    const path = resolve(folder, '..', relativePath);
    if (existsSync(path)) return path;
  }
  return null;
}
