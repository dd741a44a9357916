/** What a run leaves on disk: where its folder is, its trained weights, and the data set it was made of. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { variantOf } from '../compress/method.ts';
import type { Dataset, DatasetRecipe } from '../data/dataset.ts';
import { openDataset } from '../data/store.ts';
import { runOptions } from '../evaluate/commands.ts';
import { trainingFolder } from '../files.ts';
import { formerMethod } from '../old-names.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import { withOffsets } from './offsets.ts';
import type { Recipe } from './recipe.ts';

/** Where a run's checkpoint lies; one that was begun under a method's former name stays where it is. */
export function defaultFolder(recipe: Recipe): string {
  const method = recipe.compression?.method;
  const folder = folderOf(recipe, method);
  const former = method === undefined ? null : formerMethod(method);
  if (former === null || existsSync(folder)) return folder;
  const formerFolder = folderOf(recipe, former);
  return existsSync(formerFolder) ? formerFolder : folder;
}

function folderOf(
  { network, protocol, seed, fold, compression }: Recipe,
  method: string | undefined,
): string {
  const variant = compression === undefined ? undefined : variantOf(compression);
  const words = [method?.replaceAll('+', '-'), variant].filter((word) => word !== undefined);
  const suffix = words.map((word) => `-${word}`).join('');
  const held = fold === null ? '' : `-fold${fold}`;
  return join(trainingFolder(), 'runs', `${network}-${protocol}-seed${seed}${held}${suffix}`);
}

/**
 * The checkpoint of a run that has come to its end.
 * @throws RhythmdError E_CHECKPOINT_MISSING with the command that makes it, E_TRAINING_UNFINISHED
 */
export function trainedRun(run: Recipe, folder = defaultFolder(run)): Checkpoint {
  const checkpoint = readCheckpoint(join(folder, 'checkpoint.bin'));
  if (checkpoint === null) {
    const elsewhere = folder === defaultFolder(run) ? '' : ` --folder ${folder}`;
    throw new RhythmdError(
      'E_CHECKPOINT_MISSING',
      `${folder} holds no checkpoint`,
      `First: npm run trainer -- ${commandOf(run)}${elsewhere}`,
    );
  }
  const { progress, recipe } = checkpoint;
  if (progress.epoch < recipe.epochs) {
    throw new RhythmdError(
      'E_TRAINING_UNFINISHED',
      `${folder} is in epoch ${progress.epoch + 1} of ${recipe.epochs}`,
      'Run the same train command again: it goes on from there',
    );
  }
  return { ...checkpoint, state: withOffsets(checkpoint) };
}

function commandOf({ network, protocol, seed, fold, compression }: Recipe): string {
  const run = `${runOptions(network, protocol, seed)}${fold === null ? '' : ` --fold ${fold}`}`;
  return compression === undefined ? `train ${run}` : `compress ${run} --method ${compression.method}`;
}

/** The data set of a recipe, with a line for people while it is made. */
export function openData(recipe: DatasetRecipe): Dataset {
  return openDataset(trainingFolder(), recipe, (name) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[Kmaking beat images: record ${name}`);
  });
}
