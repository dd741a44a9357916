/**
 * A few whole numbers that the quantized weights of a layer share, zero among them: as far apart as the weights lie
 * (k-means), where bits would space them evenly.
 */
import { LEVELS_OF_8_BITS, type WeightScales } from '../../export/quantization.ts';
import type { Weights } from '../../nets/parameters.ts';
import { kMeans } from './k-means.ts';

/** Rising. */
export type Codebook = Int8Array;

/**
 * @param steps weights in steps of their channel; zeros are as they should be and are left out
 * @param count levels besides zero, at most
 */
export function codebookOf(steps: Float32Array, count: number): Codebook {
  const centroids = kMeans(
    steps.filter((step) => step !== 0),
    count,
  );
  const levels = new Set([0]);
  for (const centroid of centroids) {
    levels.add(Math.max(-LEVELS_OF_8_BITS, Math.min(LEVELS_OF_8_BITS, Math.round(centroid))));
  }
  return Int8Array.from(levels).sort();
}

/** The levels' borders, halfway between two of them: one fewer than there are levels. */
export function bordersOf(codebook: Codebook): Float32Array {
  return Float32Array.from({ length: codebook.length - 1 }, (_, i) => (codebook[i]! + codebook[i + 1]!) / 2);
}

/** The nearest level; on a border the lower, as in the graph that is trained. */
export function levelOf(codebook: Codebook, borders: Float32Array, step: number): number {
  let index = 0;
  while (index < borders.length && step > borders[index]!) index++;
  return codebook[index]!;
}

/** @returns each weight divided by its channel's scale, as floats divide */
export function inSteps(weight: Float32Array, scales: Float32Array): Float32Array {
  const size = weight.length / scales.length;
  return weight.map((value, i) => value / scales[Math.floor(i / size)]!);
}

/** Weights of the layers that have a codebook as its levels; everything else as it is. */
export function onCodebooks(
  weights: Weights,
  scales: WeightScales,
  codebooks: ReadonlyMap<string, Codebook>,
): Weights {
  const result = new Map(weights);
  for (const [layer, codebook] of codebooks) {
    const name = `${layer}.weight`;
    const channels = scales.get(layer)!;
    const borders = bordersOf(codebook);
    const steps = inSteps(weights.get(name)!, channels);
    const size = steps.length / channels.length;
    result.set(
      name,
      steps.map((step, i) => levelOf(codebook, borders, step) * channels[Math.floor(i / size)]!),
    );
  }
  return result;
}
