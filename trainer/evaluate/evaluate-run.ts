/** A trained run measured: on what it held out, or on its test set where somebody says why. */

import { refuseUsage } from '@rhythmd/shell/usage-error.ts';
import type { Dataset } from '../data/dataset.ts';
import { type Split, splitOf } from '../data/splits.ts';
import { networkNamed } from '../presets/catalog.ts';
import { floatLogits } from '../train/float-logits.ts';
import type { Recipe } from '../train/recipe.ts';
import { openData, trainedRun } from '../train/run-folder.ts';
import { measure } from './metrics.ts';
import { recordOpening } from './openings.ts';
import { formatMetrics } from './table.ts';

/** Where all of DS1 trains, nothing is left to look at but the test set. */
export const CLOSED =
  'nothing was held out: --fold N holds out patients, --open-test WHY shows figures of the test set and says so in its ledger';

export interface Run {
  readonly recipe: Recipe;
  readonly folder: string;
}

export interface Measured extends Run {
  /** Why the test set is opened; absent: it stays closed. */
  readonly openTest?: string | undefined;
}

/**
 * A fold is judged by its own patients, a random split by its validation beats.
 * @throws UsageError where nothing was held out and the test set is to stay closed
 */
export async function evaluateRun(
  { recipe, folder, openTest }: Measured,
  say: (line: string) => void,
  dataset: Dataset = openData(recipe.dataset),
  split: Split = splitOf(dataset, recipe.protocol, recipe.seed, recipe.fold),
): Promise<void> {
  const checkpoint = trainedRun(recipe, folder);
  const isOpened = openTest !== undefined;
  const beats = isOpened ? split.test : split.validation;
  if (beats.length === 0) refuseUsage(CLOSED);
  const network = networkNamed(recipe.network);
  const logits = await floatLogits(folder, network, checkpoint.state, dataset, beats);
  const labels = Array.from(beats, (beat) => dataset.label[beat]!);
  const metrics = measure(labels, logits);
  if (isOpened) recordOpening(recipe, openTest, metrics.accuracy);
  const name = isOpened ? 'test set' : recipe.fold === null ? 'validation beats' : `fold ${recipe.fold}`;
  say(`${name}, ${recipe.protocol}, epoch ${checkpoint.progress.epoch}:\n${formatMetrics(metrics)}`);
}
