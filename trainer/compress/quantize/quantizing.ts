/** Quantization-aware training of a folded network; zeros stay zero. */
import { foldNetwork } from '../../export/folded.ts';
import { calibrationPlan } from '../../export/quantize.ts';
import type { Weights } from '../../nets/parameters.ts';
import { keepingZeros } from '../prune/gradual-pruning.ts';
import { copied, type Materials, type Stage, type Trained } from '../stage.ts';
import { trainableFolded } from '../trainable-folded.ts';
import { coarsePlan, coarseWeightScales } from './coarse-scales.ts';
import { fakeQuantizedArithmetic } from './fake-quantized.ts';

export async function quantizing(from: Trained, { dataset, train }: Materials): Promise<Stage> {
  const folded = foldNetwork(from.network, from.weights);
  const trainable = trainableFolded(folded);
  const plan = coarsePlan(await calibrationPlan(folded, dataset, train));
  const scales = coarseWeightScales(folded);
  const arithmetic = fakeQuantizedArithmetic({ folded, trainable, plan, scales });
  return {
    network: trainable.network,
    begin: copied(trainable.weights),
    constraint: keepingZeros(withZeros(trainable.weights), arithmetic),
    finish: (weights) => ({ folded: foldNetwork(trainable.network, weights), plan, scales }),
  };
}

function withZeros(weights: Weights): string[] {
  return [...weights]
    .filter(([name, values]) => name.endsWith('.weight') && values.includes(0))
    .map(([name]) => name);
}
