/** Every layer's sparsity and bits, or shared levels, by its measured sensitivity, in one training. */
import { spread } from '../../data/splits.ts';
import { foldNetwork } from '../../export/folded.ts';
import type { WeightScales } from '../../export/quantization.ts';
import { calibrationPlan } from '../../export/quantize.ts';
import type { Network } from '../../nets/network.ts';
import type { Weights } from '../../nets/parameters.ts';
import { type Codebook, codebookOf, inSteps, onCodebooks } from '../cluster/codebook.ts';
import { gradualPruning } from '../prune/gradual-pruning.ts';
import { zeroSmallest } from '../prune/magnitude.ts';
import { affineGrid, onAffineGrid } from '../quantize/affine-grid.ts';
import { clipped } from '../quantize/clipped.ts';
import { coarsePlan, coarseWeightScales } from '../quantize/coarse-scales.ts';
import { fakeQuantizedArithmetic } from '../quantize/fake-quantized.ts';
import { fingerprint } from '../remember.ts';
import { copied, type Materials, type Stage, type Trained } from '../stage.ts';
import { trainableFolded } from '../trainable-folded.ts';
import type { LayerChoice } from './bit-allocation.ts';
import { allocateBits } from './bit-allocation.ts';
import { levelsOf, measureSensitivity } from './sensitivity.ts';

export interface Bounds {
  /** That all weights may take by their entropy. */
  readonly bytes: number;
  /** Whether a layer may share a few levels where they lose less than as many bits. */
  readonly mayShareLevels: boolean;
  /** Validation beats, spread over all. */
  readonly measuredBeats: number;
}

export async function decidingByLayer(
  from: Trained,
  { bytes, mayShareLevels, measuredBeats }: Bounds,
  { dataset, train, validation, remember }: Materials,
): Promise<Stage> {
  const folded = foldNetwork(from.network, from.weights);
  const trainable = trainableFolded(folded);
  const { network, weights } = trainable;
  const names = weightsOfLayers(network);
  const beats = spread(validation.length > 0 ? validation : train, measuredBeats);
  // Layer by layer too: of 200 layers a killed run finds again what it had.
  const measured = `divergences-${fingerprint(weights)}-${measuredBeats}`;
  const sensitivity = await remember(measured, () =>
    measureSensitivity(trainable, names, dataset, beats, (layer, make) =>
      remember(`${measured}/${layer}`, make),
    ),
  );
  const allowed = sensitivity.map(({ name, choices }) => ({
    name,
    choices: choices.filter(({ clusters }) => mayShareLevels || clusters === null),
  }));
  const choices = allocateBits(allowed, bytes);
  const plan = coarsePlan(await calibrationPlan(folded, dataset, train));
  const levels = new Map([...choices].map(([name, { bits }]) => [layerOf(name), levelsOf(bits)]));
  const scales = coarseWeightScales(folded, levels);
  const codebooks = codebooksOf(weights, scales, choices);
  const sparsities = new Map([...choices].map(([name, { sparsity }]) => [name, sparsity]));
  const affine = affineGrid(folded);
  const arithmetic = fakeQuantizedArithmetic({ folded, trainable, plan, scales, affine }, levels, codebooks);
  return {
    network,
    begin: copied(weights),
    constraint: gradualPruning(names, sparsities, arithmetic),
    finish: (trained) => {
      const rounded = onCodebooks(clipped(trained, scales, levels), scales, codebooks);
      return { folded: foldNetwork(network, onAffineGrid(rounded, affine)), plan, scales };
    },
    choices,
  };
}

/** From what is left of a weight when it is pruned. */
function codebooksOf(
  weights: Weights,
  scales: WeightScales,
  choices: ReadonlyMap<string, LayerChoice>,
): Map<string, Codebook> {
  const codebooks = new Map<string, Codebook>();
  for (const [name, { clusters, sparsity }] of choices) {
    if (clusters === null) continue;
    const pruned = weights.get(name)!.slice();
    zeroSmallest(pruned, Math.round(pruned.length * (1 - sparsity)));
    codebooks.set(layerOf(name), codebookOf(inSteps(pruned, scales.get(layerOf(name))!), clusters));
  }
  return codebooks;
}

function layerOf(weightName: string): string {
  return weightName.replace(/\.weight$/, '');
}

/** Depthwise convolutions too: measured, they can be left alone where they matter. */
function weightsOfLayers({ layers }: Network): string[] {
  return layers
    .filter(({ kind }) => kind === 'convolution' || kind === 'depthwise' || kind === 'dense')
    .map(({ name }) => `${name}.weight`);
}
