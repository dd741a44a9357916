/** Quantization-aware training of a folded network; zeros stay zero. */
import { type FoldedLayer, type FoldedNetwork, foldNetwork } from '../../export/folded.ts';
import { calibrationPlan } from '../../export/quantize.ts';
import type { Weights } from '../../nets/parameters.ts';
import { levelsOf } from '../by-layer/sensitivity.ts';
import { keepingZeros } from '../prune/gradual-pruning.ts';
import { copied, type Materials, type Stage, type Trained } from '../stage.ts';
import { trainableFolded } from '../trainable-folded.ts';
import { affineGrid, onAffineGrid } from './affine-grid.ts';
import { clipped } from './clipped.ts';
import { coarsePlan, coarseWeightScales } from './coarse-scales.ts';
import { fakeQuantizedArithmetic } from './fake-quantized.ts';

/** @param bits of the weights between the first layer and the last, which keep eight */
export async function quantizing(from: Trained, bits: number, { dataset, train }: Materials): Promise<Stage> {
  const folded = foldNetwork(from.network, from.weights);
  const trainable = trainableFolded(folded);
  const plan = coarsePlan(await calibrationPlan(folded, dataset, train));
  const levels = new Map(bits === 8 ? [] : inner(folded).map(({ name }) => [name, levelsOf(bits)]));
  const scales = coarseWeightScales(folded, levels);
  const affine = affineGrid(folded);
  const arithmetic = fakeQuantizedArithmetic({ folded, trainable, plan, scales, affine }, levels);
  return {
    network: trainable.network,
    begin: copied(trainable.weights),
    constraint: keepingZeros(withZeros(trainable.weights), arithmetic),
    finish: (weights) => ({
      folded: foldNetwork(trainable.network, onAffineGrid(clipped(weights, scales, levels), affine)),
      plan,
      scales,
    }),
  };
}

function withZeros(weights: Weights): string[] {
  return [...weights]
    .filter(([name, values]) => name.endsWith('.weight') && values.includes(0))
    .map(([name]) => name);
}

/** The first sees the signal and the last decides: both are small and bear little. */
function inner({ layers }: FoldedNetwork): FoldedLayer[] {
  const dense = layers.filter(({ layer }) => layer.kind === 'convolution' || layer.kind === 'dense');
  return dense.slice(1, -1);
}
