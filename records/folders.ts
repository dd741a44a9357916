/**
 * Where records are looked up: `records.folders` of the configuration, or RHYTHMD_RECORDS_FOLDERS
 * (separated by the platform's path separator).
 */
import { existsSync, readFileSync } from 'node:fs';
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

/**
 * The path (without extension) of a record given by path or by name.
 * @returns null when there is no such header in any folder.
 */
export function findRecord(record: string, folders: readonly string[] = recordFolders()): string | null {
  if (existsSync(`${record}.hea`)) return resolve(record);
  if (record.includes('/')) return null;
  for (const folder of folders) {
    const path = join(folder, record);
    if (existsSync(`${path}.hea`)) return path;
  }
  return null;
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
