import type { Dataset } from '../data/dataset.ts';
import { type Split, splitOf } from '../data/splits.ts';
import { measure } from '../evaluate/metrics.ts';
import { formatMetrics } from '../evaluate/table.ts';
import { networkNamed } from '../nets/catalog.ts';
import type { Network } from '../nets/network.ts';
import type { Recipe } from '../train/recipe.ts';
import { parseOptions, RUN_OPTIONS, RUN_USAGE, type RunSelection, selectRun } from './arguments.ts';
import { floatLogits } from './float-logits.ts';
import { openData } from './open-data.ts';
import { namesRhythmNetwork, runRhythm } from './rhythm.ts';
import { trainedRun } from './trained-run.ts';

const USAGE = `npm run trainer -- evaluate --net NAME --protocol NAME [options]
Measures the run's last weights on its test set (on the fold's patients with --fold).
${RUN_USAGE}`;

export async function run(args: string[]): Promise<number> {
  if (namesRhythmNetwork(args)) return runRhythm('evaluate', args);
  const values = parseOptions(args, RUN_OPTIONS);
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const selection = selectRun(values);
  const { recipe } = selection;
  const dataset = openData(recipe.dataset);
  const split = splitOf(dataset, recipe.protocol, recipe.seed, recipe.fold);
  return evaluateRun({ ...selection, network: networkNamed(recipe.network), dataset, split });
}

export interface EvaluateOptions extends RunSelection {
  readonly recipe: Recipe;
  readonly network: Network;
  readonly dataset: Dataset;
  readonly split: Split;
}

/** A fold is judged by its own patients: the test set is opened for published figures only. */
export async function evaluateRun({
  recipe,
  folder,
  network,
  dataset,
  split,
}: EvaluateOptions): Promise<number> {
  const checkpoint = trainedRun(folder);
  const beats = recipe.fold === null ? split.test : split.validation;
  const logits = await floatLogits(folder, network, checkpoint.state, dataset, beats);
  const metrics = measure(
    Array.from(beats, (beat) => dataset.label[beat]!),
    logits,
  );
  const name = recipe.fold === null ? 'test set' : `fold ${recipe.fold}`;
  console.log(`${name}, ${recipe.protocol}, epoch ${checkpoint.progress.epoch}:\n${formatMetrics(metrics)}`);
  return 0;
}
