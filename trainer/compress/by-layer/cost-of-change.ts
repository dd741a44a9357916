/** How much a change of weights costs, by the logits of beats before and after it. */
import type { Dataset } from '../../data/dataset.ts';

const CLASSES = 6;

/**
 * How far predictions moved: the mean over beats of Kullback and Leibler's divergence, in nats. It is zero where nothing
 * changed and never below, where the loss by the labels falls by chance: of 512 beats so few are wrong that half of all
 * coarsenings seemed to gain, and those that gained nothing were taken even where there was room for better ones.
 * @param before logits, row by row
 * @param after of the same beats
 */
export function divergence(before: Float32Array, after: Float32Array): number {
  let sum = 0;
  for (let offset = 0; offset < before.length; offset += CLASSES) {
    const normBefore = logSum(before, offset);
    const normAfter = logSum(after, offset);
    for (let c = offset; c < offset + CLASSES; c++) {
      const log = before[c]! - normBefore;
      sum += Math.exp(log) * (log - (after[c]! - normAfter));
    }
  }
  return Math.max(0, sum / (before.length / CLASSES));
}

/** @param logits of the beats, row by row; @returns the mean over them, in nats */
export function crossEntropy(logits: Float32Array, dataset: Dataset, beats: Uint32Array): number {
  let sum = 0;
  for (const [i, beat] of beats.entries()) {
    const row = logits.subarray(i * CLASSES, (i + 1) * CLASSES);
    sum += logSum(logits, i * CLASSES) - row[dataset.label[beat]!]!;
  }
  return sum / beats.length;
}

/** ln of the sum of e to the logits. */
function logSum(logits: Float32Array, offset: number): number {
  const row = logits.subarray(offset, offset + CLASSES);
  const largest = Math.max(...row);
  return largest + Math.log(row.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}
