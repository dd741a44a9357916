/** A float network to an 8-bit model, with the proof that it is one. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { PAPER_LABELS } from '@rhythmd/ecg/types.ts';
import type { Dataset } from '../data/dataset.ts';
import { argMax } from '../evaluate/metrics.ts';
import { encodeModel, type FileLayout } from '../graph/onnx-model.ts';
import { openSession } from '../graph/runtime.ts';
import { compareWithExecutor } from './by-executor.ts';
import { calibrate } from './calibrate.ts';
import type { FoldedNetwork } from './folded.ts';
import { inferenceGraph } from './inference-graph.ts';
import type { QuantizationPlan, WeightScales } from './quantization.ts';
import { fakeQuantizedRepresentation, integerRepresentation } from './quantized-representation.ts';
import { floatKernels, modelLogits, optimizedOperators } from './verify.ts';

/** Beats that the activation scales are taken from. */
const CALIBRATION_BEATS = 1024;
/** Predictions that may differ from the same arithmetic in floats: ties of rounding. */
export const LEAST_AGREEMENT = 0.999;

export interface IntegerModel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Operators of the model as onnxruntime runs it. */
  readonly operators: Readonly<Record<string, number>>;
}

export interface QuantizedModel extends IntegerModel {
  /** Logits of `beats` by the integer model. */
  readonly logits: Float32Array;
  /** Share of beats on which integer model and fake-quantized float graph answer alike. */
  readonly agreement: number;
  /** Share of beats (64 of them, spread) with the same logits, to the bit, by the daemon's own executor; null: it can't run it. */
  readonly agreementWithExecutor: number | null;
}

/** Activation scales from some of the beats that it was trained on. */
export function calibrationPlan(
  network: FoldedNetwork,
  dataset: Dataset,
  train: Uint32Array,
): Promise<QuantizationPlan> {
  const stride = Math.max(1, Math.floor(train.length / CALIBRATION_BEATS));
  const beats = train.filter((_, i) => i % stride === 0).slice(0, CALIBRATION_BEATS);
  return calibrate(network, dataset, beats);
}

/** @throws RhythmdError E_QUANTIZED_KERNELS when the runtime keeps float kernels */
export async function integerModel(
  network: FoldedNetwork,
  plan: QuantizationPlan,
  metadata: Readonly<Record<string, string>> = {},
  weightScales: WeightScales = new Map(),
  layout: FileLayout = 'named',
): Promise<IntegerModel> {
  const representation = integerRepresentation(plan, weightScales);
  const bytes = encodeModel(inferenceGraph(network, representation).graph, metadata, layout);
  const operators = await optimizedOperators(bytes);
  const left = floatKernels(operators);
  if (left.length > 0) {
    throw new RhythmdError('E_QUANTIZED_KERNELS', `the runtime keeps float kernels: ${left.join(', ')}`);
  }
  return { bytes, operators: Object.fromEntries(operators) };
}

/**
 * The integer model, compared with the same arithmetic in floats.
 * @param beats to compare on
 * @throws RhythmdError E_QUANTIZED_KERNELS, E_QUANTIZED_DISAGREES
 */
export async function quantize(
  network: FoldedNetwork,
  plan: QuantizationPlan,
  dataset: Dataset,
  beats: Uint32Array,
  metadata: Readonly<Record<string, string>> = {},
  layout: FileLayout = 'named',
): Promise<QuantizedModel> {
  const model = await integerModel(network, plan, metadata, new Map(), layout);
  const logits = await logitsOf(model.bytes, dataset, beats);
  const agreementWithExecutor = compareWithExecutor(model.bytes, dataset, beats, logits);
  const fake = encodeModel(inferenceGraph(network, fakeQuantizedRepresentation(plan)).graph);
  const agreement = agreementOf(logits, await logitsOf(fake, dataset, beats), logits.length / beats.length);
  if (agreement < LEAST_AGREEMENT) {
    throw new RhythmdError(
      'E_QUANTIZED_DISAGREES',
      `integer and fake-quantized model agree on ${(100 * agreement).toFixed(2)} % of the beats`,
      'The runtime does not add what was trained: file an issue with the processor named',
    );
  }
  return { ...model, logits, agreement, agreementWithExecutor };
}

/** Of a model as it is run on the device, optimised; of a simulation as it is written, which no fusion may change. */
export async function logitsOf(
  model: Uint8Array,
  dataset: Dataset,
  beats: Uint32Array,
  optimisation: 'all' | 'disabled' = 'all',
): Promise<Float32Array> {
  const session = await openSession(model, optimisation);
  const logits = await modelLogits(session, dataset, beats);
  await session.release();
  return logits;
}

/** Share of beats with the same answer. */
export function agreementOf(a: Float32Array, b: Float32Array, classes: number = PAPER_LABELS.length): number {
  let same = 0;
  for (let offset = 0; offset < a.length; offset += classes)
    if (argMax(a, offset, classes) === argMax(b, offset, classes)) same++;
  return same / (a.length / classes);
}
