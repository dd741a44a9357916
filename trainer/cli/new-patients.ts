import { useRecordFoldersOf } from '@rhythmd/records/folders.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE, EXIT_INTERRUPTED } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { measureNewPatients } from '../evaluate/measure-new-patients.ts';
import { seedsOf } from './arguments.ts';
import { COMMANDS } from './commands.ts';

export const endsItself = true;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArguments(args, COMMANDS['new-patients'], io.err);
  useRecordFoldersOf(values.config);
  const { net, ds2, literature, publish } = values;
  const isDone = await measureNewPatients(
    { net, seeds: seedsOf(values.seeds), ds2, literature, publish },
    io,
  );
  return isDone ? EXIT_DONE : EXIT_INTERRUPTED;
}
