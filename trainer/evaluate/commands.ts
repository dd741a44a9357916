/** The command lines that make a result: written into it, and told where there is none yet. */
import type { Protocol } from '../data/splits.ts';
import { recipeFor } from '../presets/catalog.ts';
import type { Recipe } from '../train/recipe.ts';
import { FIRST_SEED, type Method } from './result-row.ts';

/** @param weightBytes of a point of the curve */
export function commandFor(
  network: string,
  protocol: Protocol,
  method: Method,
  weightBytes: number | string = 'N',
  seed = FIRST_SEED,
): string {
  if (method === 'none') return commandsOf(recipeFor(network, protocol, { seed }), ['--publish']);
  const run = runOptions(network, protocol, seed);
  const size = method === 'curve' ? ` --weight-bytes ${weightBytes}` : '';
  return `npm run trainer -- compress ${run} --method ${method}${size} --publish`;
}

/** The options that say which run of the presets: the seed where it is not the first. */
export function runOptions(network: string, protocol: Protocol, seed: number): string {
  const of = seed === FIRST_SEED ? '' : ` --seed ${seed}`;
  return `--net ${network} --protocol ${protocol}${of}`;
}

/** Options that differ from the preset of network and protocol are spelt out. */
export function commandsOf(recipe: Recipe, exportOptions: readonly string[]): string {
  const run = optionsOf(recipe);
  const { grownFrom, protocol, seed } = recipe;
  const shallower = grownFrom === undefined ? null : recipeFor(grownFrom, protocol, { seed });
  return [
    ...(shallower === null ? [] : [`npm run trainer -- train ${optionsOf(shallower)}`]),
    `npm run trainer -- train ${run}`,
    `npm run trainer -- export ${[run, ...exportOptions].join(' ')}`,
  ].join(' && ');
}

/** `--net NAME --protocol NAME`, and what differs from the preset. */
export function optionsOf(recipe: Recipe): string {
  return ['--net', recipe.network, '--protocol', recipe.protocol, ...overrides(recipe)].join(' ');
}

function overrides(recipe: Recipe): string[] {
  const preset = recipeFor(recipe.network, recipe.protocol);
  const options: string[] = [];
  if (recipe.seed !== preset.seed) options.push('--seed', String(recipe.seed));
  if (recipe.epochs !== preset.epochs) options.push('--epochs', String(recipe.epochs));
  if (recipe.batch !== preset.batch) options.push('--batch', String(recipe.batch));
  if (recipe.learningRate !== preset.learningRate)
    options.push('--learning-rate', String(recipe.learningRate));
  if (recipe.fold !== null) options.push('--fold', String(recipe.fold));
  return options;
}
