/**
 * Channel pruning as a stage: every chain keeps the channels that bring most, as many as its measured loss allows; what
 * is left is a network of the same kind, denser than a pruned one and as much faster as it is smaller.
 */
import type { Dataset } from '../../data/dataset.ts';
import { spread } from '../../data/splits.ts';
import { foldNetwork } from '../../export/folded.ts';
import type { Weights } from '../../nets/parameters.ts';
import { Evaluator } from '../../train/evaluator.ts';
import { allocateBits, type Choice, type Choices } from '../by-layer/bit-allocation.ts';
import { crossEntropy } from '../by-layer/cost-of-change.ts';
import { keepingZeros } from '../prune/gradual-pruning.ts';
import { fingerprint } from '../remember.ts';
import { copied, inFloats, type Materials, type Stage, type Trained } from '../stage.ts';
import { type Chain, chainsOf, parametersOfChain } from './chains.ts';
import { importanceOf } from './importance.ts';
import { pruneChannels } from './prune-channels.ts';

const SHARES = [1, 0.75, 0.5, 0.375, 0.25, 0.125, 0.0625] as const;
/** Kernels work on four channels and more at once. */
const MULTIPLE = 4;
const MEASURED_BEATS = 512;

/** `bytes`: the parameters that so many channels bring with them. */
interface Width extends Choice {
  readonly channels: number;
}

/** @param kept share of the parameters of all chains together */
export async function channelPruning(
  from: Trained,
  kept: number,
  { dataset, train, validation, remember }: Materials,
): Promise<Stage> {
  const chains = chainsOf(from.network);
  const beats = spread(validation.length > 0 ? validation : train, MEASURED_BEATS);
  // Named by the chains too: what was measured before gates were part of them is of other ones.
  const measured = await remember(`widths-${chains.length}-${fingerprint(from.weights)}`, () =>
    measureWidths(from, chains, dataset, beats),
  );
  const whole = chains.reduce((sum, chain) => sum + parametersOfChain(chain), 0);
  const widths = allocateBits(measured, kept * whole);
  const channels = new Map(
    chains.map((chain) => {
      const { name } = chain.first;
      return [name, mostImportant(importanceOf(chain, from.weights), widths.get(name)!.channels)];
    }),
  );
  const { network, weights } = pruneChannels(from.network, from.weights, channels);
  return {
    network,
    begin: copied(weights),
    constraint: keepingZeros([]),
    finish: (trained) => inFloats(foldNetwork(network, trained)),
  };
}

/** The loss with one chain pruned and all others as they are. */
async function measureWidths(
  { network, weights }: Trained,
  chains: readonly Chain[],
  dataset: Dataset,
  beats: Uint32Array,
): Promise<Choices<Width>[]> {
  const evaluator = await Evaluator.open(network, dataset.planes);
  const lossOf = async (changed: Weights): Promise<number> =>
    crossEntropy(await evaluator.logits(changed, dataset, beats), dataset, beats);
  const lossBefore = await lossOf(weights);
  const result: Choices<Width>[] = [];
  for (const chain of chains) {
    const { first, gates, last } = chain;
    const all = first.shape[0];
    const importance = importanceOf(chain, weights);
    const choices: Width[] = [];
    for (const channels of new Set(SHARES.map((share) => widthFor(all, share)))) {
      const seen = new Map(weights);
      for (const layer of [last, ...gates.map(({ squeeze }) => squeeze)]) {
        const weight = weights.get(`${layer.name}.weight`)!.slice();
        hide(weight, layer.shape[0], all, mostImportant(importance, channels));
        seen.set(`${layer.name}.weight`, weight);
      }
      const loss = channels === all ? lossBefore : await lossOf(seen);
      const bytes = (parametersOfChain(chain) * channels) / all;
      choices.push({ channels, bytes, lossMore: loss - lossBefore });
    }
    result.push({ name: first.name, choices });
  }
  await evaluator.close();
  return result;
}

function widthFor(channels: number, share: number): number {
  return Math.min(channels, Math.max(MULTIPLE, MULTIPLE * Math.round((channels * share) / MULTIPLE)));
}

/** Indexes of the largest, in rising order. */
function mostImportant(importance: Float64Array, count: number): number[] {
  return [...importance.keys()]
    .sort((a, b) => importance[b]! - importance[a]! || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}

/** Weights of [filters, channels, ...] become zero where their channel is not kept. */
function hide(weight: Float32Array, filters: number, channels: number, kept: readonly number[]): void {
  const size = weight.length / filters;
  const area = size / channels;
  const isKept = new Set(kept);
  for (let i = 0; i < weight.length; i++) {
    if (!isKept.has(Math.floor((i % size) / area))) weight[i] = 0;
  }
}
