/** What the figures must reach. Stated here once; the report says of each whether it is met. */

/** Accuracy on the test beats of the paper's protocol, every network in floats. */
export const FLOAT_ACCURACY = 0.985;

/** Quantization and pruning together: the archive at most so large, and so accurate. */
export const QUANTIZED_PRUNED_ACCURACY = 0.98;
export const QUANTIZED_PRUNED_MEGABYTES: Readonly<Record<string, number>> = {
  resnet50: 4,
  resnet101: 6,
  densenet201: 3,
  mobilenetv2: 0.5,
  efficientnetb0: 0.8,
};

/** Quantized alone and pruned alone: no larger than the paper's, and at most this far below the same network in floats. */
export const ACCURACY_LOST_AT_MOST = 0.005;

/** Share of test beats on which the integer model answers as the same arithmetic in floats. */
export const INTEGER_AGREEMENT = 0.999;

/** Times as fast as PyTorch, by processor time of a training step in the paper's batch. */
export const PAPER_BATCH = 31;
const LEAST_RATIO = 1.2;
const SMALL_NETWORK_RATIO: Readonly<Record<string, number>> = { mobilenetv2: 2, efficientnetb0: 2 };

export function leastSpeedRatio(network: string): number {
  return SMALL_NETWORK_RATIO[network] ?? LEAST_RATIO;
}

/** Resident memory while the largest network trains in the paper's batch. */
export const TRAINING_MEMORY = { network: 'resnet101', megabytes: 4000 } as const;
