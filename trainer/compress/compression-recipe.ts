/** Settings and effort of each compression of each network. */
import type { Recipe } from '../train/recipe.ts';
import type { Compression, CompressionMethod } from './method.ts';

/** Taken for the archive size alone, which was measured, without training, at a few sparsities. */
const SPARSITY: Readonly<Record<string, number>> = {
  beatnet: 0.5,
  resnet50: 0.85,
  resnet101: 0.89,
  densenet201: 0.875,
  mobilenetv2: 0.93,
  efficientnetb0: 0.955,
};
const DEFAULT_SPARSITY = 0.8;
/**
 * Of the weights of the large networks, pruned and quantized. Half of what a weight takes in an archive is where it is:
 * with four bits instead of eight half as many again may stay. DenseNet201's 98.7 % of the validation beats became
 * 97.9 % with nine weights of a hundred; rounding all weights to four bits, untrained, costs 0.2 points.
 */
const LARGE_BITS = 4;
const CLUSTERS = 32;
/** Integer levels that int8 weights of a layer share. */
const LEVELS = 16;

/** What all weights may take by their entropy (`per-layer`): the archive has scales, biases and the graph besides. */
const WEIGHT_BYTES: Readonly<Record<string, number>> = {
  beatnet: 16_000,
  resnet50: 3_000_000,
  resnet101: 5_000_000,
  densenet201: 2_000_000,
  mobilenetv2: 250_000,
  efficientnetb0: 450_000,
};
const DEFAULT_WEIGHT_BYTES = 100_000;
/** With nine tenths MobileNetV2 keeps nine tenths of its parameters as well; with half, a third. */
const ENERGY = 0.5;
/**
 * Of the parameters around channels that can be left out. With a fifth of MobileNetV2's, 274,730, there were too few
 * bytes for each where 50 KB is all: a point of 12,000 bytes of weights knew 68.7 % of the test beats.
 */
const KEPT = 0.08;
/**
 * Points of the curve below this start from the channel-pruned network: every channel has a bias, two scales and, in
 * MobileNetV2, nine depthwise weights, 150 KB in its archive before there is a weight of a convolution.
 */
const LEAST_WIDE_WEIGHT_BYTES = 150_000;

/** Half a minute of steps to half an hour: in the large networks every step costs seconds. */
type Effort = Pick<Recipe, 'epochs' | 'learningRate' | 'mostSteps' | 'mostValidated'>;

/** To ask the large networks about every validation beat takes longer than the steps of most of these. */
const LARGE_VALIDATED = 4096;

/** Tens of them. */
function hasMillions(network: string): boolean {
  return network.startsWith('resnet') || network.startsWith('densenet');
}

/** What loses much at first. */
const LONG: readonly CompressionMethod[] = ['pruned', 'per-layer', 'low-rank', 'distilled', 'channel-pruned'];

function effortOf(network: string, { method, from }: Compression): Effort {
  const isLarge = hasMillions(network);
  // Its steps cost twice ResNet50's.
  const isDeepest = network === 'resnet101';
  if (method === 'post-training-quantized') return { epochs: 0, learningRate: 0 };
  // What so few channels knew is gone at once and learnt anew; their epochs are short.
  if (!isLarge && (method === 'channel-pruned' || from === 'channel-pruned'))
    return { epochs: 6, learningRate: 1e-3 };
  if (LONG.includes(method)) {
    if (!isLarge) return { epochs: 3, learningRate: 1e-3 };
    return {
      epochs: 1,
      mostSteps: isDeepest ? 300 : 400,
      mostValidated: LARGE_VALIDATED,
      learningRate: 1e-3,
    };
  }
  // Folded, a wide network has no normalisation to lean on: at twice the rate MobileNetV2 ended at 98.3 % of validation.
  if (method === 'curve') return { epochs: 3, learningRate: 5e-4 };
  return isLarge
    ? { epochs: 1, mostSteps: isDeepest ? 40 : 80, mostValidated: LARGE_VALIDATED, learningRate: 1e-4 }
    : { epochs: 1, learningRate: method.includes('clustered') ? 1e-4 : 3e-4 };
}

function settingsOf(network: string, method: CompressionMethod, weightBytes?: number): Compression {
  switch (method) {
    case 'post-training-quantized':
    case 'quantized':
      return { method, from: 'none' };
    case 'pruned':
      return { method, from: 'none', sparsity: SPARSITY[network] ?? DEFAULT_SPARSITY };
    case 'clustered':
      return { method, from: 'none', clusters: CLUSTERS };
    case 'clustered+pruned':
      return { method, from: 'pruned', clusters: CLUSTERS };
    case 'quantized+pruned':
      return { method, from: 'pruned', ...(hasMillions(network) ? { bits: LARGE_BITS } : {}) };
    case 'quantized+pruned+clustered':
      return { method, from: 'quantized+pruned', clusters: LEVELS };
    case 'per-layer':
      return { method, from: 'none', weightBytes: WEIGHT_BYTES[network] ?? DEFAULT_WEIGHT_BYTES };
    case 'curve':
      return curvePoint(weightBytes ?? DEFAULT_WEIGHT_BYTES);
    case 'low-rank':
      return { method, from: 'none', energy: ENERGY };
    case 'channel-pruned':
      return { method, from: 'none', kept: KEPT };
    case 'distilled':
      return { method, from: 'none', teachers: ['efficientnetb0', 'resnet50'], teacherShare: 0.7 };
  }
}

function curvePoint(weightBytes: number): Compression {
  const from = weightBytes < LEAST_WIDE_WEIGHT_BYTES ? 'channel-pruned' : 'none';
  return { method: 'curve', from, weightBytes };
}

/**
 * @param base of the trained network; its data, split, seed and augmentation stay
 * @param weightBytes of a point of the curve
 */
export function compressionRecipe(base: Recipe, method: CompressionMethod, weightBytes?: number): Recipe {
  const { grownFrom: _, laterCycles: __, ...kept } = base;
  const compression = settingsOf(base.network, method, weightBytes);
  return {
    ...kept,
    ...effortOf(base.network, compression),
    warmupSteps: 20,
    // Enough to keep what is known: a third of the normal beats an epoch.
    majorityShards: 3,
    compression,
  };
}
