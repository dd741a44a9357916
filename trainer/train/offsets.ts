/**
 * The offsets of a recipe in the biases of the last layers: examples are drawn so that rare classes are learnt, and a
 * class that is more frequent among them than among beats would be said too often.
 */
import { labelsOf } from '../data/dataset.ts';
import { networkNamed } from '../nets/catalog.ts';
import type { Layer } from '../nets/network.ts';
import type { Weights } from '../nets/parameters.ts';
import type { Checkpoint } from './checkpoint.ts';

/** Call once, when training is over. */
export function withOffsets({ recipe, state }: Pick<Checkpoint, 'recipe' | 'state'>): Weights {
  const { offsets } = recipe;
  if (offsets === undefined) return state;
  const shifted = new Map(state);
  let first = 0;
  const labels = labelsOf(recipe.dataset);
  for (const layer of answering(networkNamed(recipe.network).output)) {
    const name = `${layer.name}.bias`;
    const bias = state.get(name)!.map((value, i) => value + (offsets[labels[first + i]!] ?? 0));
    shifted.set(name, bias);
    first += bias.length;
  }
  return shifted;
}

/** The dense layers whose outputs are the logits, in their order. */
function answering(output: Layer): readonly Layer[] {
  return output.kind === 'concat' ? output.inputs.flatMap(answering) : [output];
}
