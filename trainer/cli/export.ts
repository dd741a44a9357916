import { useRecordFoldersOf } from '@rhythmd/records/folders.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { refuseUsage } from '@rhythmd/shell/usage-error.ts';
import { exportNewPatients } from '../export/export-new-patients.ts';
import { exportRun } from '../export/export-run.ts';
import { selectRun } from './arguments.ts';
import { COMMANDS } from './commands.ts';
import { exportRhythmNetwork, namesRhythmNetwork } from './rhythm.ts';

export async function run(args: string[], io: CommandIo): Promise<number> {
  if (namesRhythmNetwork(args)) return exportRhythmNetwork(args, io);
  const { values } = readArguments(args, COMMANDS.export, io.err);
  useRecordFoldersOf(values.config);
  const { recipe, folder } = selectRun(values);
  const { int8, publish } = values;
  const why = values['open-test'] ?? (publish ? 'published' : 'exported');
  const options = { recipe, folder, out: values.out ?? folder, publish, why };
  if (recipe.protocol === 'paper' || recipe.protocol === 'patient-separated') {
    await exportRun({ ...options, int8 }, io.out);
    return EXIT_DONE;
  }
  if (!int8) refuseUsage('--int8 is missing: this network is exported in 8 bits');
  if (publish && (recipe.protocol === 'every-record' || recipe.fold !== null)) {
    refuseUsage('--publish belongs to --protocol new-patients');
  }
  await exportNewPatients(options, io.out);
  return EXIT_DONE;
}
