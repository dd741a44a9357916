/** Activation scales from the values that a float network takes on training beats. */
import { type Dataset, readImage } from '../data/dataset.ts';
import { floats, openSession } from '../graph/runtime.ts';
import type { FoldedNetwork } from './folded.ts';
import { inferenceGraph } from './inference-graph.ts';
import {
  type ActivationScale,
  isQuantized,
  isQuantizedLast,
  keepsScale,
  type QuantizationPlan,
  scaleFor,
} from './quantization.ts';
import { expandPlanes } from './verify.ts';

const BATCH = 64;
/** Fractions of the full range tried: a narrower scale clips a few extremes and is finer for everything else. */
const FRACTIONS = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4];

/** @param beats of the training set, a few thousand */
export function calibrate(
  network: FoldedNetwork,
  dataset: Dataset,
  beats: Uint32Array,
): Promise<QuantizationPlan> {
  return calibrateOn(network, beatImages(dataset, beats));
}

/** Batches of images: [N, channels, rows, columns]. */
export type ImageBatches = Iterable<{ readonly data: Float32Array; readonly shape: readonly number[] }>;

export async function calibrateOn(network: FoldedNetwork, batches: ImageBatches): Promise<QuantizationPlan> {
  const { graph, values } = inferenceGraph(network);
  const layers = network.layers
    .filter((layer) => isQuantized(layer, network) && !keepsScale(layer))
    .filter((layer) => layer !== network.layers.at(-1) || isQuantizedLast(layer));
  for (const { name } of layers) graph.output(`value.${name}`, values.get(name)!);
  const session = await openSession(graph, 'basic');
  const samples = new Map(layers.map(({ name }) => [name, [] as Float32Array[]]));
  for (const { data, shape } of batches) {
    const outputs = await session.run({ image: floats(data, shape) });
    for (const { name } of layers) samples.get(name)!.push(outputs[`value.${name}`]!.data as Float32Array);
  }
  await session.release();
  return new Map(layers.map(({ name }) => [name, bestScale(samples.get(name)!)]));
}

function* beatImages(dataset: Dataset, beats: Uint32Array): ImageBatches {
  const stored = new Float32Array(dataset.planes * 1296);
  for (let first = 0; first < beats.length; first += BATCH) {
    const count = Math.min(BATCH, beats.length - first);
    const data = new Float32Array(count * 3 * 1296);
    for (let i = 0; i < count; i++) {
      readImage(dataset, beats[first + i]!, stored, 0);
      expandPlanes(stored, dataset.planes, data, i);
    }
    yield { data, shape: [count, 3, 36, 36] };
  }
}

/** The scale of least squared error among narrower and narrower ranges. */
function bestScale(batches: readonly Float32Array[]): ActivationScale {
  let min = 0;
  let max = 0;
  for (const batch of batches)
    for (const value of batch) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
  let best = scaleFor(min, max);
  let leastError = Number.POSITIVE_INFINITY;
  for (const fraction of FRACTIONS) {
    const candidate = scaleFor(min * fraction, max * fraction);
    const error = squaredError(batches, candidate);
    if (error < leastError) {
      leastError = error;
      best = candidate;
    }
  }
  return best;
}

function squaredError(batches: readonly Float32Array[], { scale, zeroPoint }: ActivationScale): number {
  let error = 0;
  // Every seventh value tells as much.
  for (const batch of batches)
    for (let i = 0; i < batch.length; i += 7) {
      const steps = Math.max(-zeroPoint, Math.min(255 - zeroPoint, Math.round(batch[i]! / scale)));
      error += (batch[i]! - steps * scale) ** 2;
    }
  return error;
}
