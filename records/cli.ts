/** `npm run records -- fetch|list|where`. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import { DATABASES } from './databases.ts';
import { fetchDatabase } from './fetch-database.ts';
import type { FetchOptions } from './fetch-file.ts';
import { recordFolders } from './folders.ts';
import { fromInstallation } from './installation.ts';
import { listRecords } from './list-records.ts';
import { locateRecord } from './read-record.ts';

const USAGE = `Usage: npm run records -- fetch [${DATABASES.map(({ name }) => name).join('|')}...] [--to data] [--from URL]
       npm run records -- list
       npm run records -- where RECORD...`;

const EXIT_DONE = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

export interface RecordsIo extends FetchOptions {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** Never throws: the exit status says how it went. */
export async function runRecords(args: string[], io: RecordsIo): Promise<number> {
  try {
    const [verb, ...rest] = args;
    if (verb === 'fetch') return await fetchVerb(rest, io);
    if (verb === 'list') return listVerb(io);
    if (verb === 'where') return whereVerb(rest, io);
    throw usage(verb === undefined ? 'no verb given' : `no verb ${verb}`);
  } catch (error) {
    if (io.signal.aborted) return EXIT_INTERRUPTED;
    io.err(describeError(error));
    return error instanceof RhythmdError && error.code === 'E_USAGE' ? EXIT_USAGE : EXIT_FAILED;
  }
}

async function fetchVerb(args: string[], io: RecordsIo): Promise<number> {
  const { values, positionals } = readFetchArguments(args);
  const names = positionals.length === 0 ? DATABASES.map(({ name }) => name) : positionals;
  for (const name of names) {
    const database = DATABASES.find((candidate) => candidate.name === name);
    if (!database) throw usage(`no database ${name}`);
    const url = values.from === undefined ? database.url : `${values.from.replace(/\/$/, '')}/${name}/`;
    const folder = join(values.to, name);
    io.err(`${database.title} from ${url} to ${folder} (${database.license})`);
    const { fetched, kept } = await fetchDatabase({ ...database, url }, folder, io, (file, done) =>
      io.err(`${name} ${done}/${database.files.length} ${file}`),
    );
    io.out(`${folder}: ${fetched} files fetched, ${kept} already there, all checksums right`);
  }
  return EXIT_DONE;
}

function readFetchArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { to: { type: 'string', default: fromInstallation('data') }, from: { type: 'string' } },
    });
  } catch (cause) {
    throw usage((cause as Error).message);
  }
}

function listVerb(io: RecordsIo): number {
  for (const { folder, records } of listRecords(recordFolders())) {
    io.out(`${folder}: ${records === null ? 'no such folder' : `${records.length} records`}`);
    for (const { name, description } of records ?? []) io.out(`  ${name.padEnd(6)} ${description}`);
  }
  return EXIT_DONE;
}

function whereVerb(names: readonly string[], io: RecordsIo): number {
  if (names.length === 0) throw usage('which record?');
  for (const name of names) io.out(locateRecord(name));
  return EXIT_DONE;
}

function usage(reason: string): RhythmdError {
  return new RhythmdError('E_USAGE', reason, USAGE);
}
