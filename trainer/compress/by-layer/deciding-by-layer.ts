/** Every layer's sparsity and bits by its measured sensitivity, pruned and quantized in one training. */
import { spread } from '../../data/splits.ts';
import { foldNetwork } from '../../export/folded.ts';
import type { WeightScales } from '../../export/quantization.ts';
import { calibrationPlan } from '../../export/quantize.ts';
import type { Network } from '../../nets/network.ts';
import type { Weights } from '../../nets/parameters.ts';
import { gradualPruning } from '../prune/gradual-pruning.ts';
import { coarsePlan, coarseWeightScales } from '../quantize/coarse-scales.ts';
import { fakeQuantizedArithmetic } from '../quantize/fake-quantized.ts';
import { fingerprint } from '../remember.ts';
import { copied, type Materials, type Stage, type Trained } from '../stage.ts';
import { trainableFolded } from '../trainable-folded.ts';
import { allot } from './allot.ts';
import { levelsOf, measureSensitivity } from './sensitivity.ts';

/** Few enough that a network of 50 layers is measured in minutes. */
const SENSITIVITY_BEATS = 512;

export async function decidingByLayer(
  from: Trained,
  bytes: number,
  { dataset, train, validation, remember }: Materials,
): Promise<Stage> {
  const folded = foldNetwork(from.network, from.weights);
  const trainable = trainableFolded(folded);
  const { network, weights } = trainable;
  const names = weightsOfLayers(network);
  const beats = spread(validation.length > 0 ? validation : train, SENSITIVITY_BEATS);
  const sensitivity = await remember(`sensitivity-${fingerprint(weights)}`, () =>
    measureSensitivity(trainable, names, dataset, beats),
  );
  const choices = allot(sensitivity, bytes);
  const plan = coarsePlan(await calibrationPlan(folded, dataset, train));
  const levels = new Map(
    [...choices].map(([name, { bits }]) => [name.replace(/\.weight$/, ''), levelsOf(bits)]),
  );
  const scales = coarseWeightScales(folded, levels);
  const sparsities = new Map([...choices].map(([name, { sparsity }]) => [name, sparsity]));
  const arithmetic = fakeQuantizedArithmetic({ folded, trainable, plan, scales }, levels);
  return {
    network,
    begin: copied(weights),
    constraint: gradualPruning(names, sparsities, arithmetic),
    finish: (trained) => ({ folded: foldNetwork(network, clipped(trained, scales, levels)), plan, scales }),
    choices,
  };
}

/** Depthwise convolutions too: measured, they can be left alone where they matter. */
function weightsOfLayers({ layers }: Network): string[] {
  return layers
    .filter(({ kind }) => kind === 'convolution' || kind === 'depthwise' || kind === 'dense')
    .map(({ name }) => `${name}.weight`);
}

/** A weight that grew beyond its last level is that level, as it was in training. */
function clipped(weights: Weights, scales: WeightScales, levels: ReadonlyMap<string, number>): Weights {
  const result = new Map(weights);
  for (const [layer, most] of levels) {
    const name = `${layer}.weight`;
    const channels = scales.get(layer)!;
    const values = weights.get(name)!;
    const size = values.length / channels.length;
    result.set(
      name,
      values.map((value, i) => {
        const limit = most * channels[Math.floor(i / size)]!;
        return Math.max(-limit, Math.min(limit, value));
      }),
    );
  }
  return result;
}
