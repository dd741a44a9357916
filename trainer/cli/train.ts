import { useRecordFoldersOf } from '@rhythmd/records/folders.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE, EXIT_INTERRUPTED } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { trainRun } from '../train/train-run.ts';
import { selectRun } from './arguments.ts';
import { COMMANDS } from './commands.ts';
import { namesRhythmNetwork, trainRhythmNetwork } from './rhythm.ts';

export const endsItself = true;

export async function run(args: string[], io: CommandIo): Promise<number> {
  if (namesRhythmNetwork(args)) return trainRhythmNetwork(args, io);
  const { values } = readArguments(args, COMMANDS.train, io.err);
  useRecordFoldersOf(values.config);
  return (await trainRun({ ...selectRun(values), openTest: values['open-test'] }, io))
    ? EXIT_DONE
    : EXIT_INTERRUPTED;
}
