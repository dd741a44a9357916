import { useRecordFoldersOf } from '@rhythmd/records/folders.ts';
import { MITDB_RECORDS } from '@rhythmd/records/mitdb.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { readReferenced } from '../detector/beats.ts';
import { learnAll } from '../detector/learn-all.ts';
import { COMMANDS } from './commands.ts';

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArguments(args, COMMANDS.detector, io.err);
  useRecordFoldersOf(values.config);
  learnAll(MITDB_RECORDS.map(readReferenced), io.err);
  return EXIT_DONE;
}
