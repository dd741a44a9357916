/** Settings and effort of each compression; what is one network's own is in its preset. */
import { countParameters } from '../nets/parameters.ts';
import { networkNamed, presetOf } from '../presets/catalog.ts';
import { type CompressionPreset, USUAL_COMPRESSION } from '../presets/preset.ts';
import type { Recipe } from '../train/recipe.ts';
import type { Compression, CompressionMethod } from './method.ts';

const CLUSTERS = 32;
/** Integer levels that int8 weights of a layer share. */
const LEVELS = 16;

/** Share of a weight's squared sum that its factors keep: with half, a third of MobileNetV2's parameters are left. */
const ENERGY = 0.5;
/** Share of the parameters around channels that can be left out; more leaves too few bytes for each (docs/training.md). */
const KEPT = 0.08;
/**
 * Points of the curve with fewer bytes for a parameter start from the channel-pruned network: every channel has a bias, two
 * scales and, in MobileNetV2, nine depthwise weights, 150 KB in its archive before there is a weight of a convolution, which
 * is so much for each of its 2.2 million parameters.
 */
const LEAST_WIDE_BYTES_PER_PARAMETER = 0.067;

/** Half a minute of steps to half an hour: in the large networks every step costs seconds. */
type Effort = Pick<Recipe, 'epochs' | 'learningRate' | 'mostSteps' | 'mostValidated'>;

/** To ask the large networks about every validation beat takes longer than the steps of most of these. */
const LARGE_VALIDATED = 4096;

/** What loses much at first. */
const LONG: readonly CompressionMethod[] = ['pruned', 'per-layer', 'low-rank', 'distilled'];

function effortOf({ large }: CompressionPreset, { method, from }: Compression): Effort {
  if (method === 'post-training-quantized') return { epochs: 0, learningRate: 0 };
  // What so few channels knew is gone at once and learnt anew; their epochs are short, in what was a large network too.
  if (method === 'channel-pruned' || from === 'channel-pruned') return { epochs: 6, learningRate: 1e-3 };
  if (LONG.includes(method)) {
    if (large === undefined) return { epochs: 3, learningRate: 1e-3 };
    const mostSteps = large.longSteps;
    return { epochs: 1, mostSteps, mostValidated: LARGE_VALIDATED, learningRate: 1e-3 };
  }
  // Folded, a wide network has no normalisation to lean on: it bears half the usual rate.
  if (method === 'curve') return { epochs: 3, learningRate: 5e-4 };
  if (large === undefined) return { epochs: 1, learningRate: method.includes('clustered') ? 1e-4 : 3e-4 };
  const mostSteps = large.shortSteps;
  return { epochs: 1, mostSteps, mostValidated: LARGE_VALIDATED, learningRate: 1e-4 };
}

function settingsOf(
  network: string,
  preset: CompressionPreset,
  method: CompressionMethod,
  weightBytes = USUAL_COMPRESSION.weightBytes,
): Compression {
  switch (method) {
    case 'post-training-quantized':
    case 'quantized':
      return { method, from: 'none' };
    case 'pruned':
      return { method, from: 'none', sparsity: preset.sparsity };
    case 'clustered':
      return { method, from: 'none', clusters: CLUSTERS };
    case 'clustered+pruned':
      return { method, from: 'pruned', clusters: CLUSTERS };
    case 'quantized+pruned':
      return { method, from: 'pruned', ...(preset.large && { bits: preset.large.bits }) };
    case 'quantized+pruned+clustered':
      return { method, from: 'quantized+pruned', clusters: LEVELS };
    case 'per-layer':
      return { method, from: 'none', weightBytes: preset.weightBytes, ...measured(preset) };
    case 'curve':
      return { ...curvePoint(weightBytes, countParameters(networkNamed(network))), ...measured(preset) };
    case 'low-rank':
      return { method, from: 'none', energy: ENERGY };
    case 'channel-pruned':
      return { method, from: 'none', kept: KEPT };
    case 'distilled':
      return { method, from: 'none', teachers: ['efficientnetb0', 'resnet50'], teacherShare: 0.7 };
  }
}

function measured({ large }: CompressionPreset): Pick<Compression, 'measuredBeats'> {
  return large === undefined ? {} : { measuredBeats: large.measuredBeats };
}

function curvePoint(weightBytes: number, parameters: number): Compression {
  const from = weightBytes < LEAST_WIDE_BYTES_PER_PARAMETER * parameters ? 'channel-pruned' : 'none';
  return { method: 'curve', from, weightBytes };
}

/**
 * @param base of the trained network; its data, split, seed and augmentation stay
 * @param weightBytes of a point of the curve
 */
export function compressionRecipe(base: Recipe, method: CompressionMethod, weightBytes?: number): Recipe {
  const { grownFrom: _, laterCycles: __, ...kept } = base;
  const preset = presetOf(base.network)?.compression ?? USUAL_COMPRESSION;
  const compression = settingsOf(base.network, preset, method, weightBytes);
  return {
    ...kept,
    ...effortOf(preset, compression),
    warmupSteps: 20,
    // Enough to keep what is known: a third of the normal beats an epoch.
    majorityShards: 3,
    compression,
  };
}
