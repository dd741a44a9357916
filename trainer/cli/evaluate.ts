import { useRecordFoldersOf } from '@rhythmd/records/folders.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { evaluateRun } from '../evaluate/evaluate-run.ts';
import { selectRun } from './arguments.ts';
import { COMMANDS } from './commands.ts';
import { evaluateRhythmNetwork, namesRhythmNetwork } from './rhythm.ts';

export async function run(args: string[], io: CommandIo): Promise<number> {
  if (namesRhythmNetwork(args)) return evaluateRhythmNetwork(args, io);
  const { values } = readArguments(args, COMMANDS.evaluate, io.err);
  useRecordFoldersOf(values.config);
  await evaluateRun({ ...selectRun(values), openTest: values['open-test'] }, io.out);
  return EXIT_DONE;
}
