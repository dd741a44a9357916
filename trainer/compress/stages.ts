/** Each method as a stage. */
import { foldNetwork } from '../export/folded.ts';
import { type Bounds, decidingByLayer } from './by-layer/deciding-by-layer.ts';
import { channelPruning } from './channel-pruning/channel-pruning.ts';
import { clustering, clusteringIntegers } from './cluster/clustering.ts';
import { factoring } from './low-rank/factoring.ts';
import type { Compression } from './method.ts';
import { gradualPruning, keepingZeros } from './prune/gradual-pruning.ts';
import { SHORT_MANTISSAS } from './prune/short-mantissas.ts';
import { quantizing } from './quantize/quantizing.ts';
import { copied, inFloats, type Materials, prunableWeights, type Stage, type Trained } from './stage.ts';

/** Few enough that a network of 50 layers is measured in minutes. */
const MEASURED_BEATS = 512;

export async function stageOf(compression: Compression, from: Trained, materials: Materials): Promise<Stage> {
  const { method } = compression;
  switch (method) {
    case 'pruned':
      return {
        network: from.network,
        begin: copied(from.weights),
        constraint: gradualPruning(prunableWeights(from.network), compression.sparsity!),
        finish: (weights) => inFloats(foldNetwork(from.network, weights), SHORT_MANTISSAS),
      };
    case 'post-training-quantized':
    case 'quantized':
    case 'quantized+pruned':
      return quantizing(from, compression.bits ?? 8, materials);
    case 'clustered':
    case 'clustered+pruned':
      return clustering(from, compression.clusters!);
    case 'quantized+pruned+clustered':
      return clusteringIntegers(from, compression.clusters!, materials);
    case 'per-layer':
    case 'curve':
      return decidingByLayer(from, boundsOf(compression), materials);
    case 'low-rank':
      return factoring(from, compression.energy!);
    case 'channel-pruned':
      return channelPruning(from, compression.kept!, materials);
    case 'distilled':
      return {
        network: from.network,
        begin: copied(from.weights),
        constraint: keepingZeros([]),
        finish: (weights) => inFloats(foldNetwork(from.network, weights)),
      };
  }
}

/**
 * Levels that lie as the weights do lose less before training and more after it, in a larger archive (docs/training.md):
 * the curve does without.
 */
function boundsOf({ method, weightBytes, measuredBeats = MEASURED_BEATS }: Compression): Bounds {
  return { bytes: weightBytes!, mayShareLevels: method === 'per-layer', measuredBeats };
}
