import type { Dataset } from '../../data/dataset.ts';

const CLASSES = 6;

/** @param logits of the beats, row by row; @returns the mean over them, in nats */
export function crossEntropy(logits: Float32Array, dataset: Dataset, beats: Uint32Array): number {
  let sum = 0;
  for (const [i, beat] of beats.entries()) {
    const row = logits.subarray(i * CLASSES, (i + 1) * CLASSES);
    const largest = Math.max(...row);
    const total = row.reduce((all, value) => all + Math.exp(value - largest), 0);
    sum += Math.log(total) + largest - row[dataset.label[beat]!]!;
  }
  return sum / beats.length;
}
