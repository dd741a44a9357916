/** Trains the run of a recipe, from nothing, from a shallower network or from its checkpoint. */
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { splitOf } from '../data/splits.ts';
import { CLOSED, evaluateRun, type Measured } from '../evaluate/evaluate-run.ts';
import { grownWeights } from '../nets/grow.ts';
import type { Network } from '../nets/network.ts';
import { countParameters, type Weights } from '../nets/parameters.ts';
import { networkNamed } from '../presets/catalog.ts';
import { seedOf } from './batches.ts';
import type { Recipe } from './recipe.ts';
import { openData, trainedRun } from './run-folder.ts';
import { runTraining } from './run-training.ts';

/**
 * Ends with the table of what was held out, or of the test set where it says why.
 * @returns false: interrupted, and the checkpoint goes on from here
 * @throws RhythmdError as train() does
 */
export async function trainRun(
  { recipe, folder, openTest }: Measured,
  io: Pick<CommandIo, 'out' | 'signal'>,
): Promise<boolean> {
  const network = networkNamed(recipe.network);
  const dataset = openData(recipe.dataset);
  const split = splitOf(dataset, recipe.protocol, recipe.seed, recipe.fold);
  io.out(
    `${network.name}: ${countParameters(network)} parameters; ${recipe.protocol}: ${split.train.length} beats train, ` +
      `${split.validation.length} validate, ${split.test.length} test; batch ${recipe.batch}, ${recipe.epochs} epochs, ` +
      `seed ${recipe.seed}; ${folder}`,
  );
  const begin = grownFrom(recipe, network);
  const free = { constraint: null, teacher: null };
  const { isComplete } = await runTraining({ recipe, network, dataset, split, folder, begin, ...free }, io);
  if (!isComplete) return false;
  const isBlind = openTest === undefined && split.validation.length === 0;
  if (isBlind) io.out(`the test set stays closed, and ${CLOSED}`);
  else await evaluateRun({ recipe, folder, openTest }, io.out, dataset, split);
  return true;
}

/** The shallower network's weights in the deeper one; null when the recipe begins from nothing. */
function grownFrom(recipe: Recipe, network: Network): Weights | null {
  if (recipe.grownFrom === undefined) return null;
  const { state } = trainedRun({ ...recipe, network: recipe.grownFrom });
  return grownWeights(networkNamed(recipe.grownFrom), state, network, seedOf(recipe.seed, 0));
}
