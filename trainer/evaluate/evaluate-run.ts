/** A trained run measured on its test set. */
import type { Dataset } from '../data/dataset.ts';
import { type Split, splitOf } from '../data/splits.ts';
import { networkNamed } from '../presets/catalog.ts';
import { floatLogits } from '../train/float-logits.ts';
import type { Recipe } from '../train/recipe.ts';
import { openData, trainedRun } from '../train/run-folder.ts';
import { measure } from './metrics.ts';
import { formatMetrics } from './table.ts';

export interface Run {
  readonly recipe: Recipe;
  readonly folder: string;
}

/** A fold is judged by its own patients: the test set is opened for published figures only. */
export async function evaluateRun(
  { recipe, folder }: Run,
  say: (line: string) => void,
  dataset: Dataset = openData(recipe.dataset),
  split: Split = splitOf(dataset, recipe.protocol, recipe.seed, recipe.fold),
): Promise<void> {
  const checkpoint = trainedRun(folder);
  const beats = recipe.fold === null ? split.test : split.validation;
  const network = networkNamed(recipe.network);
  const logits = await floatLogits(folder, network, checkpoint.state, dataset, beats);
  const labels = Array.from(beats, (beat) => dataset.label[beat]!);
  const name = recipe.fold === null ? 'test set' : `fold ${recipe.fold}`;
  const metrics = formatMetrics(measure(labels, logits));
  say(`${name}, ${recipe.protocol}, epoch ${checkpoint.progress.epoch}:\n${metrics}`);
}
