/** The network and weights that a finished run ended with, trained or compressed: where the next step starts. */

import type { Weights } from '../nets/parameters.ts';
import { networkNamed } from '../presets/catalog.ts';
import type { Recipe } from '../train/recipe.ts';
import { compressionRecipe } from './compression-recipe.ts';
import type { CompressionMethod } from './method.ts';
import type { Materials, Trained } from './stage.ts';
import { stageOf } from './stages.ts';

/** @throws RhythmdError E_CHECKPOINT_MISSING, E_TRAINING_UNFINISHED from `weightsOf` */
export async function trainedBy(
  base: Recipe,
  method: 'none' | CompressionMethod,
  materials: Materials,
  weightsOf: (recipe: Recipe) => Weights,
): Promise<Trained> {
  if (method === 'none') return { network: networkNamed(base.network), weights: weightsOf(base) };
  const recipe = compressionRecipe(base, method);
  const compression = recipe.compression!;
  const from = await trainedBy(base, compression.from, materials, weightsOf);
  const stage = await stageOf(compression, from, materials);
  return { network: stage.network, weights: weightsOf(recipe) };
}
