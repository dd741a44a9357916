/** The program `npm run records`: its verbs, and how its errors end. */
import { join } from 'node:path';
import { ERROR_CODES } from '@rhythmd/ecg/error-codes.ts';
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import { fromInstallation } from '@rhythmd/shell/installation.ts';
import type { CommandIo, CommandModule } from '@rhythmd/shell/io.ts';
import type { Program } from '@rhythmd/shell/program.ts';
import { refuseUsage } from '@rhythmd/shell/usage-error.ts';
import { COMMANDS } from './commands.ts';
import { DATABASES } from './databases.ts';
import { fetchDatabase } from './fetch-database.ts';
import type { FetchOptions } from './fetch-file.ts';
import { recordFolders, useRecordFoldersOf } from './folders.ts';
import { listRecords } from './list-records.ts';
import { locateRecord } from './read-record.ts';

/** @param patience how long a silent server is waited for, and how long before it is asked again */
export function recordsProgram(patience: Omit<FetchOptions, 'signal'> = {}): Program {
  const fetch: CommandModule = { run: (args, io) => fetchVerb(args, io, patience), endsItself: true };
  return {
    name: 'npm run records --',
    about: 'records on disk: fetched, listed, found',
    commands: COMMANDS,
    modules: {
      fetch: async () => fetch,
      list: async () => ({ run: listVerb }),
      where: async () => ({ run: whereVerb }),
    },
    describe: describeError,
    isUsage: (error) => error instanceof RhythmdError && ERROR_CODES[error.code].usage === true,
  };
}

async function fetchVerb(
  args: string[],
  io: CommandIo,
  patience: Omit<FetchOptions, 'signal'>,
): Promise<number> {
  const { values, operands } = readArguments(args, COMMANDS.fetch, io.err);
  const to = values.to ?? fromInstallation('data');
  const names = operands.length === 0 ? DATABASES.map(({ name }) => name) : operands;
  for (const name of names) {
    const database = DATABASES.find((candidate) => candidate.name === name);
    if (!database) return refuseUsage(`no database ${name}`);
    const url = values.from === undefined ? database.url : `${values.from.replace(/\/$/, '')}/${name}/`;
    const folder = join(to, name);
    io.err(`${database.title} from ${url} to ${folder} (${database.license})`);
    const { fetched, kept } = await fetchDatabase(
      { ...database, url },
      folder,
      { ...patience, signal: io.signal },
      (file, done) => io.err(`${name} ${done}/${database.files.length} ${file}`),
    );
    io.out(`${folder}: ${fetched} files fetched, ${kept} already there, all checksums right`);
  }
  return EXIT_DONE;
}

async function listVerb(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArguments(args, COMMANDS.list, io.err);
  useRecordFoldersOf(values.config);
  for (const { folder, records } of listRecords(recordFolders())) {
    io.out(`${folder}: ${records === null ? 'no such folder' : `${records.length} records`}`);
    for (const { name, description } of records ?? []) io.out(`  ${name.padEnd(6)} ${description}`);
  }
  return EXIT_DONE;
}

async function whereVerb(args: string[], io: CommandIo): Promise<number> {
  const { values, operands } = readArguments(args, COMMANDS.where, io.err);
  useRecordFoldersOf(values.config);
  for (const name of operands) io.out(locateRecord(name));
  return EXIT_DONE;
}
