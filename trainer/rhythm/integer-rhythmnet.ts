/** A trained rhythm network as the 8-bit model that the daemon runs, with the proof that it is the same. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { RHYTHM_CLASSES, RHYTHM_WINDOW_SAMPLES } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import {
  RHYTHM_IMAGE_ROWS,
  RHYTHM_IMAGE_VALUES,
  RhythmImageMaker,
} from '@rhythmd/ecg/rhythm/rhythm-image.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { calibrateOn, type ImageBatches } from '../export/calibrate.ts';
import { foldNetwork } from '../export/folded.ts';
import { inferenceGraph } from '../export/inference-graph.ts';
import { integerModel, LEAST_AGREEMENT } from '../export/quantize.ts';
import { fakeQuantizedRepresentation } from '../export/quantized-representation.ts';
import { encodeModel } from '../graph/onnx-model.ts';
import { floats, openSession } from '../graph/runtime.ts';
import type { Weights } from '../nets/parameters.ts';
import { rhythmnet } from '../nets/rhythmnet.ts';
import { seedOf } from '../train/batches.ts';
import type { RhythmExamples } from './examples.ts';
import { largest } from './predictions.ts';

const BATCH = 64;
/** Windows that scales are taken from, and others that integers and floats are compared on. */
const CALIBRATION_BATCHES = 32;
const COMPARED_BATCHES = 32;
const CLASSES = RHYTHM_CLASSES.length;

export interface IntegerRhythmnet {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same in floats. */
  readonly floatBytes: Uint8Array<ArrayBuffer>;
  /** Operators as the runtime runs them. */
  readonly operators: Readonly<Record<string, number>>;
  /** Share of windows on which the integers answer as the same arithmetic in floats, and as the trained floats. */
  readonly agreementWithFake: number;
  readonly agreementWithFloat: number;
}

/** @throws RhythmdError E_QUANTIZED_KERNELS, E_QUANTIZED_DISAGREES */
export async function integerRhythmnet(
  weights: Weights,
  examples: RhythmExamples,
  seed: number,
  metadata: Readonly<Record<string, string>> = {},
): Promise<IntegerRhythmnet> {
  const folded = foldNetwork(rhythmnet(), weights);
  const plan = await calibrateOn(folded, drawnBatches(examples, CALIBRATION_BATCHES, seedOf(seed, 4)));
  const { bytes, operators } = await integerModel(folded, plan, metadata);
  const compared = [...drawnBatches(examples, COMPARED_BATCHES, seedOf(seed, 5))];
  const floatBytes = encodeModel(inferenceGraph(folded).graph, metadata);
  const fakeBytes = encodeModel(inferenceGraph(folded, fakeQuantizedRepresentation(plan)).graph);
  const predictions = await predictionsOf(bytes, compared);
  const agreementWithFake = agreement(predictions, await predictionsOf(fakeBytes, compared));
  if (agreementWithFake < LEAST_AGREEMENT) {
    throw new RhythmdError(
      'E_QUANTIZED_DISAGREES',
      `integer and fake-quantized model agree on ${(100 * agreementWithFake).toFixed(2)} % of the windows`,
      'The runtime does not add what was trained: file an issue with the processor named',
    );
  }
  const agreementWithFloat = agreement(predictions, await predictionsOf(floatBytes, compared));
  return { bytes, floatBytes, operators, agreementWithFake, agreementWithFloat };
}

function* drawnBatches(examples: RhythmExamples, count: number, seed: number): ImageBatches {
  const random = new SeededRandom(seed);
  const maker = new RhythmImageMaker();
  for (let batch = 0; batch < count; batch++) {
    const data = new Float32Array(BATCH * RHYTHM_IMAGE_VALUES);
    for (let i = 0; i < BATCH; i++) maker.make(examples.draw(random).window, data, i * RHYTHM_IMAGE_VALUES);
    yield { data, shape: [BATCH, RHYTHM_IMAGE_ROWS, 1, RHYTHM_WINDOW_SAMPLES] };
  }
}

async function predictionsOf(model: Uint8Array, batches: ImageBatches): Promise<number[]> {
  const session = await openSession(model, 'all');
  const predictions: number[] = [];
  for (const { data, shape } of batches) {
    const { logits } = await session.run({ image: floats(data, shape) });
    const values = logits!.data as Float32Array;
    for (let row = 0; row < values.length; row += CLASSES) {
      predictions.push(largest(values.subarray(row, row + CLASSES)));
    }
  }
  await session.release();
  return predictions;
}

function agreement(a: readonly number[], b: readonly number[]): number {
  return a.filter((prediction, i) => prediction === b[i]).length / a.length;
}
