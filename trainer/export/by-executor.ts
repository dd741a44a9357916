/** A model in 8-bit integers as the daemon's own executor answers it: what devices without a runtime will say. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { Executor } from '@rhythmd/ecg/network/executor.ts';
import { type Dataset, readImage } from '../data/dataset.ts';
import { argMax } from '../evaluate/metrics.ts';
import { expandPlanes } from './verify.ts';

/** Spread over all: both sum exactly, so that one answer that differs is a fault, and a large network takes half a second a beat. */
const COMPARED_BEATS = 64;
const PLANE = 1296;

/** @returns [beats, classes] */
function executorLogits(model: Uint8Array, dataset: Dataset, beats: Uint32Array): Float32Array {
  const executor = new Executor(model);
  const stored = new Float32Array(dataset.planes * PLANE);
  const image = new Float32Array(executor.inputSize);
  const classes = executor.outputSize;
  const logits = new Float32Array(beats.length * classes);
  for (const [i, beat] of beats.entries()) {
    readImage(dataset, beat, stored, 0);
    expandPlanes(stored, dataset.planes, image, 0);
    executor.run(image, 1, logits.subarray(i * classes));
  }
  return logits;
}

/**
 * @param logits what the runtime answers to all the beats: [beats, classes]
 * @returns the share of the compared beats that get the same logits to the last bit; less than 1 where the runtime rounds otherwise (sums on ARM); null:
 *   the executor can't run it
 * @throws RhythmdError E_QUANTIZED_DISAGREES when a beat gets another class
 */
export function compareWithExecutor(
  model: Uint8Array,
  dataset: Dataset,
  beats: Uint32Array,
  logits: Float32Array,
): number | null {
  const classes = logits.length / beats.length;
  const stride = Math.max(1, Math.ceil(beats.length / COMPARED_BEATS));
  const compared = beats.filter((_, i) => i % stride === 0);
  const own = orUnsupported(() => executorLogits(model, dataset, compared));
  if (own === null) return null;
  let same = 0;
  for (let i = 0; i < compared.length; i++) {
    const theirs = logits.subarray(i * stride * classes, (i * stride + 1) * classes);
    const ours = own.subarray(i * classes, (i + 1) * classes);
    if (argMax(ours, 0, classes) !== argMax(theirs, 0, classes)) {
      throw new RhythmdError(
        'E_QUANTIZED_DISAGREES',
        `the daemon's own executor answers beat ${compared[i]} otherwise than onnxruntime`,
        'One of the two is wrong here: file an issue with the processor named',
      );
    }
    if (ours.every((value, at) => value === theirs[at])) same++;
  }
  return same / compared.length;
}

function orUnsupported<T>(run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof RhythmdError && error.code === 'E_MODEL_UNSUPPORTED') return null;
    throw error;
  }
}
