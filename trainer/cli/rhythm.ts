/** The rhythm network on the command line: the same verbs, other data, so other options. */
import { join } from 'node:path';
import { useRecordFoldersOf } from '@rhythmd/records/folders.ts';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { trainingFolder } from '../files.ts';
import { type RhythmRecipe, rhythmRecipe } from '../rhythm/rhythm-recipe.ts';
import { evaluateRhythmFolds, exportRhythmRun, trainRhythmRun } from '../rhythm/rhythm-run.ts';
import { seedsOf } from './arguments.ts';
import { RHYTHM_COMMANDS } from './commands.ts';

/** Whether these arguments are for this file. */
export function namesRhythmNetwork(args: readonly string[]): boolean {
  return args.includes('--net=rhythmnet') || args[args.indexOf('--net') + 1] === 'rhythmnet';
}

export async function trainRhythmNetwork(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArguments(args, RHYTHM_COMMANDS.train, io.err);
  await trainRhythmRun(...runOf(values, values.fold ?? null), io.out);
  return EXIT_DONE;
}

export async function evaluateRhythmNetwork(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArguments(args, RHYTHM_COMMANDS.evaluate, io.err);
  const [recipe, folder] = runOf(values, null);
  const seeds = seedsOf(values.seeds);
  const predictionsTo = values.predictions ?? null;
  await evaluateRhythmFolds({ recipe, seeds, folder, predictionsTo, publish: values.publish }, io.out);
  return EXIT_DONE;
}

export async function exportRhythmNetwork(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArguments(args, RHYTHM_COMMANDS.export, io.err);
  await exportRhythmRun(...runOf(values, null), values.out, io.out);
  return EXIT_DONE;
}

interface RhythmValues {
  readonly seed: number;
  readonly steps: number | undefined;
  readonly folder: string | undefined;
  readonly config: string | undefined;
}

/** The recipe, and the folder where its runs lie. */
function runOf({ seed, steps, folder, config }: RhythmValues, fold: number | null): [RhythmRecipe, string] {
  useRecordFoldersOf(config);
  const recipe = rhythmRecipe({ seed, fold, ...(steps === undefined ? {} : { steps }) });
  return [recipe, folder ?? join(trainingFolder(), 'runs')];
}
