import { splitOf } from '../data/splits.ts';
import { networkNamed } from '../nets/catalog.ts';
import { grownWeights } from '../nets/grow.ts';
import type { Network } from '../nets/network.ts';
import { countParameters, type Weights } from '../nets/parameters.ts';
import { seedOf } from '../train/batches.ts';
import type { Recipe } from '../train/recipe.ts';
import { defaultFolder, parseOptions, RUN_OPTIONS, RUN_USAGE, selectRun } from './arguments.ts';
import { evaluateRun } from './evaluate.ts';
import { openData } from './open-data.ts';
import { namesRhythmNetwork, runRhythm } from './rhythm.ts';
import { INTERRUPTED, runTraining } from './run-training.ts';
import { trainedRun } from './trained-run.ts';

const USAGE = `npm run trainer -- train --net NAME --protocol NAME [options]
Trains, or goes on from the checkpoint in the run's folder; Ctrl-C stops with one. Ends with the test table.
${RUN_USAGE}`;

export async function run(args: string[]): Promise<number> {
  if (namesRhythmNetwork(args)) return runRhythm('train', args);
  const values = parseOptions(args, RUN_OPTIONS);
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const { recipe, folder } = selectRun(values);
  const network = networkNamed(recipe.network);
  const dataset = openData(recipe.dataset);
  const split = splitOf(dataset, recipe.protocol, recipe.seed, recipe.fold);
  console.log(
    `${network.name}: ${countParameters(network)} parameters; ${recipe.protocol}: ${split.train.length} beats train, ` +
      `${split.validation.length} validate, ${split.test.length} test; batch ${recipe.batch}, ${recipe.epochs} epochs, ` +
      `seed ${recipe.seed}; ${folder}`,
  );
  const begin = grownFrom(recipe, network);
  const result = await runTraining({
    recipe,
    network,
    dataset,
    split,
    folder,
    begin,
    constraint: null,
    teacher: null,
  });
  if (!result.isComplete) return INTERRUPTED;
  return evaluateRun({ recipe, folder, network, dataset, split });
}

/** The shallower network's weights in the deeper one; null when the recipe begins from nothing. */
function grownFrom(recipe: Recipe, network: Network): Weights | null {
  if (recipe.grownFrom === undefined) return null;
  const { state } = trainedRun(defaultFolder({ ...recipe, network: recipe.grownFrom }));
  return grownWeights(networkNamed(recipe.grownFrom), state, network, seedOf(recipe.seed, 0));
}
