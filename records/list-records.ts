/** Which records there are, folder by folder. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describeError } from '@rhythmd/ecg/errors.ts';
import { readHeader } from './read-record.ts';

export interface FolderListing {
  readonly folder: string;
  /** null: there is no such folder. */
  readonly records: readonly RecordListing[] | null;
}

export interface RecordListing {
  readonly name: string;
  /** Leads, rate and duration, or what is wrong with the header. */
  readonly description: string;
}

export function listRecords(folders: readonly string[]): FolderListing[] {
  return folders.map((folder) => ({ folder, records: recordsIn(folder) }));
}

function recordsIn(folder: string): RecordListing[] | null {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    return null;
  }
  return names
    .filter((name) => name.endsWith('.hea'))
    .map((name) => name.slice(0, -'.hea'.length))
    .map((name) => ({ name, description: describe(join(folder, name)) }));
}

function describe(path: string): string {
  try {
    const { signals, rateHz, sampleCount } = readHeader(path);
    const leads = signals.map(({ description }) => description || 'unnamed').join(', ');
    const duration = sampleCount === null ? 'of unknown length' : `${Math.round(sampleCount / rateHz)} s`;
    return `${leads || 'no signals'}; ${rateHz} Hz, ${duration}`;
  } catch (error) {
    return describeError(error);
  }
}
