/** What the figures must reach. Stated here and in the presets; the report says of each whether it is met. */
import { presetOf } from '../presets/catalog.ts';

/** Accuracy on the test beats of the paper's protocol, every network in floats. */
export const FLOAT_ACCURACY = 0.985;

/** Quantization and pruning together: at least so accurate, the archive at most so large. */
export const QUANTIZED_PRUNED_ACCURACY = 0.98;
/** Megabytes; undefined where nothing is asked. */
export function mostQuantizedPrunedMegabytes(network: string): number | undefined {
  return presetOf(network)?.paper?.mostMegabytes;
}

/** By whatever method, as accurate: the smallest archive. Undefined where nothing is asked. */
export function tenthMegabytes(network: string): number | undefined {
  return presetOf(network)?.paper?.tenthMegabytes;
}

/** Quantized alone and pruned alone: no larger than the paper's, and at most this far below the same network in floats. */
export const ACCURACY_LOST_AT_MOST = 0.005;

/** Share of test beats on which the integer model answers as the same arithmetic in floats. */
export const INTEGER_AGREEMENT = 0.999;

/** Times as fast as PyTorch, by processor time of a training step in the paper's batch. */
export const PAPER_BATCH = 31;
const LEAST_RATIO = 1.2;
export function leastSpeedRatio(network: string): number {
  return presetOf(network)?.paper?.leastSpeedRatio ?? LEAST_RATIO;
}

/** Resident memory while the largest network trains in the paper's batch. */
export const TRAINING_MEMORY = { network: 'resnet101', megabytes: 4000 } as const;
