/** One compression of one trained network: what is trained further, under which constraint, and what is exported. */

import type { Dataset } from '../data/dataset.ts';
import { type FoldedNetwork, foldNetwork } from '../export/folded.ts';
import type { QuantizationPlan, WeightScales } from '../export/quantization.ts';
import { calibrationPlan } from '../export/quantize.ts';
import type { Network } from '../nets/network.ts';
import type { Weights } from '../nets/parameters.ts';
import type { Constraint } from '../train/constraint.ts';
import { clusterWeight, sharedValues, sharingValues } from './cluster.ts';
import { coarsePlan, coarseWeightScales } from './coarse-scales.ts';
import { fakeQuantizedArithmetic } from './fake-quantized.ts';
import { placesOnGrid, weightsOfGrid } from './integer-grid.ts';
import type { Compression } from './method.ts';
import { gradualPruning, keepingZeros } from './prune.ts';
import { trainableFolded } from './trainable-folded.ts';

/** A network with the values it has been trained to. */
export interface Trained {
  readonly network: Network;
  readonly weights: Weights;
}

export interface Stage {
  readonly network: Network;
  readonly begin: Weights;
  readonly constraint: Constraint;
  /** What the device runs, from the weights that the training ends with. */
  readonly finish: (weights: Weights) => Finished;
}

export interface Finished {
  readonly folded: FoldedNetwork;
  /** null: the model stays in floats. */
  readonly plan: QuantizationPlan | null;
  readonly scales: WeightScales;
}

/** @param train beats that activations are calibrated on */
export async function stageOf(
  compression: Compression,
  from: Trained,
  dataset: Dataset,
  train: Uint32Array,
): Promise<Stage> {
  const { method } = compression;
  switch (method) {
    case 'pruned':
      return {
        network: from.network,
        begin: copied(from.weights),
        constraint: gradualPruning(prunableWeights(from.network), compression.sparsity!),
        finish: (weights) => inFloats(foldNetwork(from.network, weights)),
      };
    case 'post-training-quantized':
    case 'quantized':
    case 'quantized+pruned':
      return quantizing(from, dataset, train);
    case 'clustered':
    case 'clustered+pruned':
      return clustering(from, compression.clusters!);
    case 'quantized+pruned+clustered':
      return clusteringIntegers(from, compression.clusters!, dataset, train);
  }
}

/**
 * Dense convolutions and dense layers. The few weights of depthwise convolutions are left alone: they are three
 * percent of MobileNetV2, and each of them is a ninth of what its channel sees.
 */
export function prunableWeights({ layers }: Network): string[] {
  return layers
    .filter(({ kind }) => kind === 'convolution' || kind === 'dense')
    .map(({ name }) => `${name}.weight`);
}

async function quantizing(from: Trained, dataset: Dataset, train: Uint32Array): Promise<Stage> {
  const folded = foldNetwork(from.network, from.weights);
  const trainable = trainableFolded(folded);
  const plan = coarsePlan(await calibrationPlan(folded, dataset, train));
  const scales = coarseWeightScales(folded);
  const arithmetic = fakeQuantizedArithmetic(trainable, plan, scales);
  return {
    network: trainable.network,
    begin: copied(trainable.weights),
    constraint: keepingZeros(withZeros(trainable.weights), arithmetic),
    finish: (weights) => ({ folded: foldNetwork(trainable.network, weights), plan, scales }),
  };
}

function clustering(from: Trained, count: number): Stage {
  const { network, weights } = trainableFolded(foldNetwork(from.network, from.weights));
  const clustered = new Map(
    prunableWeights(network).map((name) => [name, clusterWeight(weights.get(name)!, count)]),
  );
  const begin = copied(weights);
  for (const [name, weight] of clustered) begin.set(name, sharedValues(weight));
  return {
    network,
    begin,
    constraint: sharingValues(clustered),
    finish: (trained) => inFloats(foldNetwork(network, trained)),
  };
}

/** The levels of quantized weights, clustered: what is trained is a weight's place on its channel's grid. */
async function clusteringIntegers(
  from: Trained,
  count: number,
  dataset: Dataset,
  train: Uint32Array,
): Promise<Stage> {
  const folded = foldNetwork(from.network, from.weights);
  const trainable = trainableFolded(folded);
  const plan = coarsePlan(await calibrationPlan(folded, dataset, train));
  const scales = coarseWeightScales(folded);
  const places = placesOnGrid(folded, scales);
  const clustered = new Map(
    prunableWeights(trainable.network).map((name) => [name, clusterWeight(places.get(name)!, count)]),
  );
  const begin = copied(trainable.weights);
  for (const [name, values] of places) begin.set(name, values);
  for (const [name, weight] of clustered) begin.set(name, sharedValues(weight));
  return {
    network: trainable.network,
    begin,
    constraint: {
      ...sharingValues(clustered),
      arithmetic: fakeQuantizedArithmetic(trainable, plan, scales, 'places'),
    },
    finish: (weights) => ({
      folded: foldNetwork(trainable.network, weightsOfGrid(weights, scales)),
      plan,
      scales,
    }),
  };
}

function inFloats(folded: FoldedNetwork): Finished {
  return { folded, plan: null, scales: new Map() };
}

function withZeros(weights: Weights): string[] {
  return [...weights]
    .filter(([name, values]) => name.endsWith('.weight') && values.includes(0))
    .map(([name]) => name);
}

/** Pruning writes into what it is given. */
function copied(weights: Weights): Map<string, Float32Array> {
  return new Map([...weights].map(([name, values]) => [name, values.slice()]));
}
