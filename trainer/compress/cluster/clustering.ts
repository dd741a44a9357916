/** Shared values as stages: of float weights, and of the levels of quantized ones. */
import { foldNetwork } from '../../export/folded.ts';
import { calibrationPlan } from '../../export/quantize.ts';
import { affineGrid, onAffineGrid } from '../quantize/affine-grid.ts';
import { coarsePlan, coarseWeightScales } from '../quantize/coarse-scales.ts';
import { fakeQuantizedPlaces } from '../quantize/fake-quantized.ts';
import { copied, inFloats, type Materials, prunableWeights, type Stage, type Trained } from '../stage.ts';
import { trainableFolded } from '../trainable-folded.ts';
import { placesOnGrid, weightsOfGrid } from './integer-grid.ts';
import { clusterWeight, sharedValues, sharingValues } from './shared-values.ts';

export function clustering(from: Trained, count: number): Stage {
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
export async function clusteringIntegers(
  from: Trained,
  count: number,
  { dataset, train }: Materials,
): Promise<Stage> {
  const folded = foldNetwork(from.network, from.weights);
  const trainable = trainableFolded(folded);
  const plan = coarsePlan(await calibrationPlan(folded, dataset, train));
  const scales = coarseWeightScales(folded);
  const affine = affineGrid(folded);
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
      arithmetic: fakeQuantizedPlaces({ folded, trainable, plan, scales, affine }),
    },
    finish: (weights) => ({
      folded: foldNetwork(trainable.network, onAffineGrid(weightsOfGrid(weights, scales), affine)),
      plan,
      scales,
    }),
  };
}
