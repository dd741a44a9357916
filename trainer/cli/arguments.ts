/** The run that a command names. */
import { refuseUsage } from '@rhythmd/shell/usage-error.ts';
import type { Protocol } from '../data/splits.ts';
import { networkNamed, recipeFor } from '../presets/catalog.ts';
import type { Recipe } from '../train/recipe.ts';
import { defaultFolder } from '../train/run-folder.ts';

export interface RunValues {
  readonly net: string;
  readonly protocol: Protocol;
  readonly seed: number;
  readonly epochs: number | undefined;
  readonly batch: number | undefined;
  readonly 'learning-rate': number | undefined;
  readonly fold: number | undefined;
  readonly folder: string | undefined;
}

export interface RunSelection {
  readonly recipe: Recipe;
  readonly folder: string;
}

/**
 * The recipe and folder that the options name.
 * @throws UsageError; RhythmdError E_NETWORK_UNKNOWN
 */
export function selectRun(values: RunValues): RunSelection {
  const { net, protocol, seed, epochs, batch, fold } = values;
  networkNamed(net);
  if (fold !== undefined && protocol === 'paper') {
    refuseUsage('--fold belongs to protocols that keep patients apart, not to paper');
  }
  const learningRate = values['learning-rate'];
  const recipe = recipeFor(net, protocol, {
    seed,
    ...(epochs === undefined ? {} : { epochs }),
    ...(batch === undefined ? {} : { batch }),
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(fold === undefined ? {} : { fold }),
  });
  return { recipe, folder: values.folder ?? defaultFolder(recipe) };
}

/** `1,2,3`. @throws UsageError */
export function seedsOf(text: string): number[] {
  const seeds = text.split(',').map(Number);
  const isGood = seeds.every((seed) => Number.isInteger(seed) && seed >= 0) && text.trim() !== '';
  return isGood ? seeds : refuseUsage(`--seeds is a list of whole numbers such as 1,2,3, not "${text}"`);
}
