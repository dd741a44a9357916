import { useRecordFoldersOf } from '@rhythmd/records/folders.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE, EXIT_INTERRUPTED } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { refuseUsage } from '@rhythmd/shell/usage-error.ts';
import { compressRun } from '../compress/compress-run.ts';
import { selectRun } from './arguments.ts';
import { COMMANDS } from './commands.ts';

export const endsItself = true;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArguments(args, COMMANDS.compress, io.err);
  useRecordFoldersOf(values.config);
  const { method, out, publish } = values;
  const weightBytes = values['weight-bytes'];
  if (values.folder !== undefined) {
    refuseUsage('--folder is not for compress: it goes from run to run below RHYTHMD_TRAINING_FOLDER');
  }
  if ((weightBytes !== undefined) !== (method === 'curve')) {
    refuseUsage('--weight-bytes belongs to --method curve, and that to it');
  }
  const { recipe: base } = selectRun(values);
  const why = values['open-test'] ?? (publish ? 'published' : 'compressed');
  const isDone = await compressRun({ base, method, weightBytes, out, publish, why }, io);
  return isDone ? EXIT_DONE : EXIT_INTERRUPTED;
}
