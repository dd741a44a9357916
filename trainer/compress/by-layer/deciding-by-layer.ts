/** Every layer's sparsity and bits by its measured sensitivity, pruned and quantized in one training. */
import { spread } from '../../data/splits.ts';
import { foldNetwork } from '../../export/folded.ts';
import { calibrationPlan } from '../../export/quantize.ts';
import type { Network } from '../../nets/network.ts';
import { gradualPruning } from '../prune/gradual-pruning.ts';
import { affineGrid, onAffineGrid } from '../quantize/affine-grid.ts';
import { clipped } from '../quantize/clipped.ts';
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
  const affine = affineGrid(folded);
  const arithmetic = fakeQuantizedArithmetic({ folded, trainable, plan, scales, affine }, levels);
  return {
    network,
    begin: copied(weights),
    constraint: gradualPruning(names, sparsities, arithmetic),
    finish: (trained) => ({
      folded: foldNetwork(network, onAffineGrid(clipped(trained, scales, levels), affine)),
      plan,
      scales,
    }),
    choices,
  };
}

/** Depthwise convolutions too: measured, they can be left alone where they matter. */
function weightsOfLayers({ layers }: Network): string[] {
  return layers
    .filter(({ kind }) => kind === 'convolution' || kind === 'depthwise' || kind === 'dense')
    .map(({ name }) => `${name}.weight`);
}
