/**
 * Where records are looked up: RHYTHMD_RECORDS_FOLDERS (separated by the platform's path separator), else
 * `records.folders` of the configuration, as the daemon's own schema has it.
 */
import { existsSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { fromInstallation } from '@rhythmd/shell/installation.ts';
import { readToml } from './toml-file.ts';

/** The key `records.folders`: what the daemon's schema says of it, and what is used where no file does. */
export const RECORD_FOLDERS = {
  default: ['data/mitdb', '../shared/data/mitdb', 'data/nstdb', '../shared/data/nstdb'],
  doc:
    'Where record names are looked up, first match first. data/ is what `npm run records -- fetch` makes; ../shared/data, ' +
    'beside the installation, is for one copy that several share.',
  allowed: 'a list of texts',
} as const;

const ENVIRONMENT_NAME = 'RHYTHMD_RECORDS_FOLDERS';

/** The configured folders as absolute paths, in order of preference; they need not exist. */
export function recordFolders(): string[] {
  const fromEnvironment = process.env[ENVIRONMENT_NAME];
  if (fromEnvironment === undefined) return foldersOf(fromInstallation('config/default.toml'));
  return fromEnvironment === '' ? [] : fromEnvironment.split(delimiter).map(fromInstallation);
}

/**
 * From here on this process, and those it starts, look records up where a configuration says; the environment wins over
 * the file, as for the daemon.
 * @param config undefined: nothing changes
 * @throws RhythmdError E_CONFIG_FILE, E_CONFIG_SYNTAX, E_CONFIG_INVALID
 */
export function useRecordFoldersOf(config: string | undefined): void {
  if (config === undefined) return;
  const folders = foldersOf(config, true);
  process.env[ENVIRONMENT_NAME] ??= folders.join(delimiter);
}

/** @param mustExist otherwise a missing file has the defaults */
function foldersOf(config: string, mustExist = false): string[] {
  const table = mustExist || existsSync(config) ? readToml(config) : {};
  const records = table.records ?? {};
  const folders = (records as Record<string, unknown>).folders ?? RECORD_FOLDERS.default;
  if (Array.isArray(folders) && folders.every((folder) => typeof folder === 'string')) {
    return folders.map(fromInstallation);
  }
  throw new RhythmdError(
    'E_CONFIG_INVALID',
    `${config}: records.folders: is ${JSON.stringify(folders)}, must be ${RECORD_FOLDERS.allowed}`,
    '`rhythmd config schema` lists every key.',
  );
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
