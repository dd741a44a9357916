/**
 * The offsets of a recipe in the biases of the last layers: examples are drawn so that rare classes are learnt, and a
 * class that is more frequent among them than among beats would be said too often.
 */
import { labelsOf } from '../data/dataset.ts';
import type { Layer } from '../nets/network.ts';
import type { Weights } from '../nets/parameters.ts';
import { networkNamed } from '../presets/catalog.ts';
import type { Checkpoint } from './checkpoint.ts';

/** Call once, when training is over. */
export function withOffsets({ recipe, state }: Pick<Checkpoint, 'recipe' | 'state'>): Weights {
  const { offsets } = recipe;
  if (offsets === undefined) return state;
  const shifted = new Map(state);
  let first = 0;
  const labels = labelsOf(recipe.dataset);
  for (const layer of answering(networkNamed(recipe.network).output)) {
    const from = first;
    first += layer.shape[0];
    // A logit that is a constant has no bias, and none to shift: the others are measured against it.
    const bias = state.get(`${layer.name}.bias`);
    if (bias === undefined) continue;
    shifted.set(
      `${layer.name}.bias`,
      bias.map((value, i) => value + (offsets[labels[from + i]!] ?? 0)),
    );
  }
  return shifted;
}

/** The dense layers whose outputs are the logits, in their order. */
function answering(output: Layer): readonly Layer[] {
  if (output.kind === 'concat') return output.inputs.flatMap(answering);
  // What is added to logits comes from another branch.
  return output.kind === 'add' ? answering(output.inputs[0]!) : [output];
}
