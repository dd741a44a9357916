/**
 * What each layer bears: how far the answers to validation beats move with one layer coarsened and all others as they are, for a few
 * sparsities, numbers of bits and of shared levels, and what its weights would take in an archive.
 */
import type { Dataset } from '../../data/dataset.ts';
import { LEVELS_OF_8_BITS, quantizeWeight, weightScales } from '../../export/quantization.ts';
import type { Weights } from '../../nets/parameters.ts';
import { Evaluator } from '../../train/evaluator.ts';
import { bordersOf, codebookOf, inSteps, levelOf } from '../cluster/codebook.ts';
import { zeroSmallest } from '../prune/magnitude.ts';
import type { Trained } from '../stage.ts';
import type { Choices, LayerChoice, MeasuredChoice } from './bit-allocation.ts';
import { divergence } from './cost-of-change.ts';

const SPARSITIES = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98] as const;
/**
 * Levels evenly apart, or a few as the weights lie, on a grid of five bits: on one of eight every bias, which is counted
 * in steps of the grid, has three bits more: 53.7 instead of 52.3 KB for MobileNetV2 with 16,000 bytes of weights.
 */
const LEVELS: readonly Pick<LayerChoice, 'bits' | 'clusters'>[] = [
  ...[8, 5, 4, 3].map((bits) => ({ bits, clusters: null })),
  ...[8, 4, 2].map((clusters) => ({ bits: 5, clusters })),
];

/** By weight name. */
export interface Sensitivity extends Choices<MeasuredChoice> {
  readonly size: number;
}

/**
 * @param beats of the validation set, a few hundred
 * @param remember makes what was measured of a layer once
 */
export async function measureSensitivity(
  { network, weights }: Trained,
  names: readonly string[],
  dataset: Dataset,
  beats: Uint32Array,
  remember: (layer: string, make: () => Promise<Sensitivity>) => Promise<Sensitivity> = (_, make) => make(),
): Promise<Sensitivity[]> {
  const evaluator = await Evaluator.open(network, dataset.planes);
  const before = await evaluator.logits(weights, dataset, beats);
  const distanceOf = async (changed: Weights): Promise<number> =>
    divergence(before, await evaluator.logits(changed, dataset, beats));
  const measure = async (name: string): Promise<Sensitivity> => {
    const values = weights.get(name)!;
    const channels = channelsOf(network, name);
    const alone = async (choice: LayerChoice): Promise<MeasuredChoice> => {
      const { coarse, levels } = coarsen(values, channels, choice);
      const lossMore = await distanceOf(new Map(weights).set(name, coarse));
      return { ...choice, lossMore, bytes: entropyBytes(levels) };
    };
    const sparse: MeasuredChoice[] = [];
    for (const sparsity of SPARSITIES) sparse.push(await alone({ sparsity, bits: 8, clusters: null }));
    const few: MeasuredChoice[] = [];
    for (const levels of LEVELS) few.push(await alone({ sparsity: 0, ...levels }));
    return { name, size: values.length, choices: combined(sparse, few, values, channels) };
  };
  const result: Sensitivity[] = [];
  for (const name of names) result.push(await remember(name, () => measure(name)));
  await evaluator.close();
  return result;
}

/** Every sparsity with all levels: the distances of the two are added, the bytes are counted. */
function combined(
  sparse: readonly MeasuredChoice[],
  few: readonly MeasuredChoice[],
  values: Float32Array,
  channels: number,
): MeasuredChoice[] {
  return sparse.flatMap(({ sparsity, lossMore }) =>
    few.map(({ bits, clusters, lossMore: lossOfLevels }) => {
      const choice = { sparsity, bits, clusters };
      const { levels } = coarsen(values, channels, choice);
      return { ...choice, lossMore: lossMore + lossOfLevels, bytes: entropyBytes(levels) };
    }),
  );
}

function coarsen(
  values: Float32Array,
  channels: number,
  { sparsity, bits, clusters }: LayerChoice,
): { readonly coarse: Float32Array; readonly levels: Int8Array } {
  const pruned = values.slice();
  zeroSmallest(pruned, Math.round(values.length * (1 - sparsity)));
  const scales = weightScales(pruned, channels, levelsOf(bits));
  const levels =
    clusters === null
      ? quantizeWeight(pruned, channels, scales).values
      : sharedLevels(inSteps(pruned, scales), clusters);
  const size = values.length / channels;
  return { levels, coarse: Float32Array.from(levels, (level, i) => level * scales[Math.floor(i / size)]!) };
}

function sharedLevels(steps: Float32Array, clusters: number): Int8Array {
  const codebook = codebookOf(steps, clusters);
  const borders = bordersOf(codebook);
  return Int8Array.from(steps, (step) => levelOf(codebook, borders, step));
}

/** On either side of zero. */
export function levelsOf(bits: number): number {
  return bits === 8 ? LEVELS_OF_8_BITS : 2 ** (bits - 1) - 1;
}

/** Shannon's entropy of the symbols, each for itself. */
export function entropyBytes(symbols: Int8Array): number {
  const counts = new Float64Array(256);
  for (const symbol of symbols) counts[symbol + 128]! += 1;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= count * Math.log2(count / symbols.length);
  return bits / 8;
}

function channelsOf(network: Trained['network'], name: string): number {
  return network.layers.find((layer) => `${layer.name}.weight` === name)!.shape[0];
}
