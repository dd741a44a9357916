/** A compressed network as a model file, measured on the test set. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import { compareWithExecutor } from '../export/by-executor.ts';
import { relativeDifference } from '../export/float.ts';
import type { FoldedNetwork } from '../export/folded.ts';
import { inferenceGraph } from '../export/inference-graph.ts';
import { quantizeWeight } from '../export/quantization.ts';
import { agreementOf, integerModel, LEAST_AGREEMENT, logitsOf } from '../export/quantize.ts';
import { SHARED_VALUES } from '../export/shared-values.ts';
import { type Values, withoutUnread } from '../export/unread.ts';
import { encodeModel } from '../graph/onnx-model.ts';
import type { Weights } from '../nets/parameters.ts';
import { Evaluator } from '../train/evaluator.ts';
import { WHOLE_MANTISSAS, withShortMantissas } from './prune/short-mantissas.ts';
import type { Finished, Stage } from './stage.ts';

/** Beats, spread over all, on which a float file is compared with its training graph, logit by logit. */
const COMPARED_BEATS = 2048;
/** Relative to the largest logit: the two sum in different orders. */
const TOLERANCE = 1e-4;
const CLASSES = 6;

export interface CompressedModel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of the test beats: by the integer model itself, or by the training graph that a float file was compared with. */
  readonly logits: Float32Array;
  /** Integer model against the fake-quantized training graph; null for floats. */
  readonly agreementWithFake: number | null;
  /** Beats (64 of them, spread) with the same logits, to the bit, by the daemon's own executor; null for floats. */
  readonly agreementWithExecutor: number | null;
  /** Values that weights take, counted layer by layer; of integer models, levels. */
  readonly distinctWeights: number;
  /** Operators as the runtime runs them; null for floats. */
  readonly operators: Readonly<Record<string, number>> | null;
}

/** @throws RhythmdError E_EXPORT_DIFFERS, E_QUANTIZED_KERNELS, E_QUANTIZED_DISAGREES */
export async function compressedModel(
  stage: Stage,
  weights: Weights,
  dataset: Dataset,
  beats: Uint32Array,
  metadata: Readonly<Record<string, string>>,
): Promise<CompressedModel> {
  const finished = stage.finish(weights);
  const { plan, scales } = finished;
  const valuesOf = valuesIn(finished);
  const folded = withoutUnread(finished.folded, valuesOf);
  const distinctWeights = distinctIn(folded, valuesOf);
  const evaluator = await Evaluator.open(stage.network, dataset.planes, stage.constraint.arithmetic);
  const trained = await evaluator.logits(weights, dataset, beats);
  await evaluator.close();
  if (plan === null) {
    const bytes = await floatFile();
    return {
      bytes,
      logits: trained,
      agreementWithFake: null,
      agreementWithExecutor: null,
      distinctWeights,
      operators: null,
    };
  }
  const { bytes, operators } = await integerModel(folded, plan, metadata, scales, 'packed');
  const logits = await logitsOf(bytes, dataset, beats);
  const agreementWithExecutor = compareWithExecutor(bytes, dataset, beats, logits);
  const agreementWithFake = agreementOf(logits, trained);
  if (agreementWithFake < LEAST_AGREEMENT) {
    throw new RhythmdError(
      'E_QUANTIZED_DISAGREES',
      `integer model and the graph that was trained agree on ${(100 * agreementWithFake).toFixed(2)} % of the beats`,
      'The runtime does not add what was trained: file an issue with the processor named',
    );
  }
  return { bytes, logits, agreementWithFake, agreementWithExecutor, distinctWeights, operators };

  async function floatFile(): Promise<Uint8Array<ArrayBuffer>> {
    const stride = Math.ceil(beats.length / COMPARED_BEATS);
    const expected = everyNth(trained, CLASSES, stride);
    let difference = Number.NaN;
    for (const bits of finished.mantissas ?? WHOLE_MANTISSAS) {
      const network = withShortMantissas(folded, bits);
      const bytes = encodeModel(inferenceGraph(network, SHARED_VALUES).graph, metadata, 'packed');
      const written = await logitsOf(bytes, dataset, everyNth(beats, 1, stride));
      difference = relativeDifference(written, expected);
      if (difference <= TOLERANCE) return bytes;
    }
    throw new RhythmdError('E_EXPORT_DIFFERS', `the exported model differs by ${difference}`);
  }
}

/** One row of `width` in every so many: beats lie record by record. */
function everyNth<T extends Float32Array | Uint32Array>(rows: T, width: number, stride: number): T {
  return rows.filter((_, i) => Math.floor(i / width) % stride === 0) as T;
}

/** As they are added up: levels where they are integers. */
function valuesIn({ plan, scales }: Finished): Values {
  return ({ name, layer, weight }) =>
    plan === null ? weight! : quantizeWeight(weight!, layer.shape[0], scales.get(name)).values;
}

function distinctIn({ layers }: FoldedNetwork, valuesOf: Values): number {
  let count = 0;
  for (const folded of layers) {
    const { kind } = folded.layer;
    if (folded.weight === null || kind === 'batchNorm' || kind === 'affine') continue;
    count += new Set<number>(Array.from(valuesOf(folded))).size;
  }
  return count;
}
