/** The float ONNX model of a trained network, verified against the graph that trained it. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import { encodeModel } from '../graph/onnx-model.ts';
import type { FoldedNetwork } from './folded.ts';
import { inferenceGraph } from './inference-graph.ts';
import { logitsOf } from './quantize.ts';

/** Relative to the largest logit: the two sum in different orders. */
const TOLERANCE = 1e-4;

export interface FloatModel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly logits: Float32Array;
  readonly largestDifference: number;
}

/**
 * @param expected what the training graph answers to `beats`
 * @throws RhythmdError E_EXPORT_DIFFERS
 */
export async function exportFloat(
  folded: FoldedNetwork,
  expected: Float32Array,
  dataset: Dataset,
  beats: Uint32Array,
  metadata: Readonly<Record<string, string>>,
): Promise<FloatModel> {
  const bytes = encodeModel(inferenceGraph(folded).graph, metadata);
  const logits = await logitsOf(bytes, dataset, beats);
  const largestDifference = relativeDifference(logits, expected);
  if (!(largestDifference <= TOLERANCE)) {
    throw new RhythmdError('E_EXPORT_DIFFERS', `the exported model differs by ${largestDifference}`);
  }
  return { bytes, logits, largestDifference };
}

/** The largest, as a share of the largest expected (or of 1). What is no number differs from everything: NaN. */
export function relativeDifference(actual: Float32Array, expected: Float32Array): number {
  let scale = 1;
  for (const value of expected) scale = Math.max(scale, Math.abs(value));
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (Number.isNaN(difference)) return difference;
    largest = Math.max(largest, difference);
  }
  return largest / scale;
}
