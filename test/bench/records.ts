/**
 * `npm run bench -- records [FOLDER...]`: every record of the configured folders, and of the databases beside them, is read from
 * its first sample to its last, with every annotation file: what was read, what was warned about, what was refused and why.
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describeError } from '@rhythmd/ecg/errors.ts';
import { isLost } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { recordFolders } from '@rhythmd/records/folders.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { BLOCK_SAMPLES } from '@rhythmd/records/record-reader.ts';
import type { BenchTopic } from './topic.ts';

/** What stands beside a header and is no annotation file. */
const NO_ANNOTATIONS = new Set(['hea', 'dat', 'mat', 'txt', 'html', 'md', 'xws', 'json']);
const RECORD_FILE = /\.(?:hea|edf|bdf|csv|tsv|ecg)$/i;

interface DatabaseResult {
  readonly database: string;
  records: number;
  hours: number;
  samples: number;
  lost: number;
  annotationFiles: number;
  annotations: number;
  readonly warnings: string[];
  readonly refused: string[];
}

export const topic: BenchTopic = {
  summary: 'all records and annotations of the configured databases: what was read, what was refused and why',
  async run(args, progress) {
    const folders = args.length > 0 ? args : databasesBeside(recordFolders());
    const results = folders
      .map((folder) => readDatabase(folder, progress))
      .filter(({ records }) => records > 0);
    const million = (count: number) => Math.round(count / 1e5) / 10;
    return {
      tables: [
        {
          title: 'Records read from the first sample to the last',
          columns: [
            'database',
            'records',
            'hours',
            'million samples',
            'lost',
            'annotation files',
            'annotations',
            'warnings',
            'refused',
          ],
          rows: results.map((r) => [
            r.database,
            r.records,
            Math.round(r.hours * 10) / 10,
            million(r.samples),
            r.lost,
            r.annotationFiles,
            r.annotations,
            r.warnings.length,
            r.refused.length,
          ]),
          note:
            [...results.flatMap(({ refused, warnings }) => [...refused, ...warnings])].join('\n') ||
            'Nothing was refused, nothing warned about.',
        },
      ],
      json: { databases: results },
    };
  },
};

/** The configured folders, and those that lie beside them. */
function databasesBeside(configured: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const folder of configured.filter(isFolder)) {
    folders.add(folder);
    for (const name of readdirSync(dirname(folder))) {
      const beside = join(dirname(folder), name);
      if (isFolder(beside)) folders.add(beside);
    }
  }
  return [...folders].sort();
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function readDatabase(folder: string, progress: (line: string) => void): DatabaseResult {
  const files = readdirSync(folder);
  const result: DatabaseResult = {
    database: basename(folder),
    records: 0,
    hours: 0,
    samples: 0,
    lost: 0,
    annotationFiles: 0,
    annotations: 0,
    warnings: [],
    refused: [],
  };
  for (const file of files.filter((name) => RECORD_FILE.test(name))) {
    const path = join(folder, file.replace(/\.hea$/, ''));
    result.records++;
    attempt(result, path, () => readSamples(path, result));
    const stem = file.replace(RECORD_FILE, '');
    for (const name of files.filter((other) => other.startsWith(`${stem}.`))) {
      const annotator = name.slice(stem.length + 1);
      if (NO_ANNOTATIONS.has(annotator) || RECORD_FILE.test(name)) continue;
      attempt(result, `${path}.${annotator}`, () => {
        result.annotations += readAnnotations(path, annotator, [], (text) =>
          result.warnings.push(text),
        ).length;
        result.annotationFiles++;
      });
    }
  }
  if (result.records > 0)
    progress(`${result.database}: ${result.records} records, ${result.refused.length} refused`);
  return result;
}

function readSamples(path: string, result: DatabaseResult): void {
  const reader = openRecord(path, { warn: (text) => result.warnings.push(text) });
  try {
    for (let first = 0; first < reader.sampleCount; first += BLOCK_SAMPLES) {
      for (const values of reader.read(first, BLOCK_SAMPLES)) {
        result.samples += values.length;
        for (const value of values) if (isLost(value)) result.lost++;
      }
    }
    result.hours += reader.sampleCount / reader.rateHz / 3600;
  } finally {
    reader.close();
  }
}

function attempt(result: DatabaseResult, path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    result.refused.push(`${path}: ${describeError(error)}`);
  }
}
