/** A network as CHWN operators on a tape: what is trained, and what evaluates while training. */
import type { Tensor } from '../graph/graph.ts';
import { relu, relu6, sigmoid, swish } from '../graph/ops/activation.ts';
import { affine } from '../graph/ops/affine.ts';
import { type BatchStatistics, batchNorm, frozenBatchNorm } from '../graph/ops/batch-norm.ts';
import { convolution } from '../graph/ops/convolution.ts';
import { addBias, dense, dropout } from '../graph/ops/dense.ts';
import { depthwiseConvolution } from '../graph/ops/depthwise.ts';
import { add, concat, reshape, scaleChannels, take } from '../graph/ops/joining.ts';
import { averagePool, globalAverage, maxPool } from '../graph/ops/pooling.ts';
import type { Tape } from '../graph/tape.ts';
import type { ActivationKind, Layer, LayerOf, Network } from './network.ts';

const ACTIVATIONS: Record<ActivationKind, (tape: Tape, x: Tensor) => Tensor> = {
  relu,
  relu6,
  sigmoid,
  swish,
};

export interface Lowering {
  /** Every parameter by name. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** [C, H, W, N] */
  readonly image: Tensor;
  /** Uniform noise for each dropout layer, by name. */
  readonly noise: ReadonlyMap<string, Tensor>;
  /** Floats as they are where absent. */
  readonly arithmetic?: Arithmetic | undefined;
}

/** How the numbers of a network are represented while it is trained: as the device will have them. */
export interface Arithmetic {
  /** A weight, or the factors of an affine layer, on their way into their layer. */
  readonly weight: (tape: Tape, layer: Layer, weight: Tensor) => Tensor;
  /** Its bias or offsets, where it has them. */
  readonly bias: (tape: Tape, layer: Layer, bias: Tensor) => Tensor;
  /** What a convolution or dense layer reads, on its way there. */
  readonly input: (tape: Tape, layer: Layer, input: Tensor) => Tensor;
  /** A layer without parameters in another way than by the plain operators; null: by them. */
  readonly lower: (tape: Tape, layer: Layer, inputs: readonly Tensor[]) => Tensor | null;
  /** A layer's output on its way to the next ones. */
  readonly output: (tape: Tape, layer: Layer, output: Tensor) => Tensor;
}

export interface Lowered {
  /** [classes, N] */
  readonly logits: Tensor;
  /** What the batch normalisations measured, by layer; empty when evaluating. */
  readonly statistics: ReadonlyMap<string, BatchStatistics>;
}

export function lowerNetwork(tape: Tape, network: Network, lowering: Lowering): Lowered {
  const values = new Map<Layer, Tensor>();
  const statistics = new Map<string, BatchStatistics>();
  for (const layer of network.layers) {
    const inputs = layer.inputs.map((input) => values.get(input)!);
    const { arithmetic } = lowering;
    const output =
      arithmetic?.lower(tape, layer, inputs) ?? lowerLayer(tape, layer, inputs, lowering, statistics);
    values.set(layer, arithmetic?.output(tape, layer, output) ?? output);
  }
  const output = values.get(network.output)!;
  const n = lowering.image.shape[3]!;
  return { logits: reshape(tape, output, [network.output.shape[0], n]), statistics };
}

function lowerLayer(
  tape: Tape,
  layer: Layer,
  inputs: readonly Tensor[],
  lowering: Lowering,
  statistics: Map<string, BatchStatistics>,
): Tensor {
  const x = inputs[0]!;
  const n = lowering.image.shape[3]!;
  const parameter = (suffix: string): Tensor => {
    const tensor = lowering.parameters.get(`${layer.name}.${suffix}`)!;
    const { arithmetic } = lowering;
    const isAffine = layer.kind === 'affine';
    if (suffix === 'weight' || (isAffine && suffix === 'scale')) {
      return arithmetic?.weight(tape, layer, tensor) ?? tensor;
    }
    return suffix === 'bias' || isAffine ? (arithmetic?.bias(tape, layer, tensor) ?? tensor) : tensor;
  };
  const read = (): Tensor => lowering.arithmetic?.input(tape, layer, x) ?? x;
  switch (layer.kind) {
    case 'input':
      return lowering.image;
    case 'convolution': {
      const y = convolution(tape, read(), parameter('weight'), layer);
      return layer.bias ? addBias(tape, y, parameter('bias')) : y;
    }
    case 'depthwise': {
      const y = depthwiseConvolution(tape, read(), parameter('weight'), layer);
      return layer.bias ? addBias(tape, y, parameter('bias')) : y;
    }
    case 'affine':
      return affine(tape, x, parameter('scale'), parameter('shift'));
    case 'batchNorm':
      return lowerBatchNorm(tape, layer, x, parameter, statistics);
    case 'activation':
      return ACTIVATIONS[layer.activation](tape, x);
    case 'maxPool':
      return maxPool(tape, x, layer);
    case 'averagePool':
      return averagePool(tape, x, layer);
    case 'globalAverage':
      return globalAverage(tape, x);
    case 'add':
      return add(tape, x, inputs[1]!);
    case 'concat':
      return concat(tape, inputs);
    case 'scaleChannels':
      return scaleChannels(tape, x, inputs[1]!);
    case 'take':
      return take(tape, x, layer.axis, layer.from, layer.from + layer.shape[layer.axis]);
    case 'reshape':
      return reshape(tape, x, [...layer.shape, n]);
    case 'dropout':
      return tape.isTraining ? dropout(tape, x, lowering.noise.get(layer.name)!, layer.rate) : x;
    case 'dense': {
      const row = reshape(tape, read(), [layer.inputs[0]!.shape.reduce((a, b) => a * b, 1), n]);
      return reshape(tape, dense(tape, row, parameter('weight'), parameter('bias')), [...layer.shape, n]);
    }
  }
}

function lowerBatchNorm(
  tape: Tape,
  layer: LayerOf<'batchNorm'>,
  x: Tensor,
  parameter: (suffix: string) => Tensor,
  statistics: Map<string, BatchStatistics>,
): Tensor {
  const scale = parameter('scale');
  const shift = parameter('shift');
  if (!tape.isTraining) {
    const running = { mean: parameter('mean'), variance: parameter('variance') };
    return frozenBatchNorm(tape, x, scale, shift, running, layer.epsilon);
  }
  const result = batchNorm(tape, x, scale, shift, layer.epsilon);
  statistics.set(layer.name, result.statistics);
  return result.output;
}
