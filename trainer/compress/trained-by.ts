/** The network and weights that a finished run ended with, trained or compressed: where the next step starts. */
import type { Dataset } from '../data/dataset.ts';
import { networkNamed } from '../nets/catalog.ts';
import type { Weights } from '../nets/parameters.ts';
import type { Recipe } from '../train/recipe.ts';
import { compressionRecipe } from './compression-recipe.ts';
import type { CompressionMethod } from './method.ts';
import { stageOf, type Trained } from './stage.ts';

/** @throws RhythmdError E_CHECKPOINT_MISSING, E_TRAINING_UNFINISHED from `weightsOf` */
export async function trainedBy(
  base: Recipe,
  method: 'none' | CompressionMethod,
  dataset: Dataset,
  train: Uint32Array,
  weightsOf: (recipe: Recipe) => Weights,
): Promise<Trained> {
  if (method === 'none') return { network: networkNamed(base.network), weights: weightsOf(base) };
  const recipe = compressionRecipe(base, method);
  const compression = recipe.compression!;
  const from = await trainedBy(base, compression.from, dataset, train, weightsOf);
  const stage = await stageOf(compression, from, dataset, train);
  return { network: stage.network, weights: weightsOf(recipe) };
}
