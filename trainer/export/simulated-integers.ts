/**
 * The integer kernels' arithmetic in floats, to the last bit: convolutions and dense layers of whole numbers, whose sums
 * are exact in floats up to 2^24, times input scale, weight scale and 1 / output scale as the one factor that the
 * runtime makes of them, rounded half to even. What differs from this is a kernel that saturates or is none.
 * (The fake-quantized graph rounds its products before they are summed; a deep network makes much of such a difference.)
 */
import { type Graph, sizeOf, type Tensor } from '../graph/graph.ts';
import type { FoldedLayer } from './folded.ts';
import { type Representation, slidingAttributes, weightShape } from './inference-graph.ts';
import {
  type ActivationScale,
  type QuantizationPlan,
  quantizeBias,
  quantizeWeight,
  type WeightScales,
} from './quantization.ts';
import { fakeQuantizedRepresentation, inputByte, inputScale } from './quantized-representation.ts';

/** ONNX's numbers of element types. */
const FLOAT = 1;
const DOUBLE = 11;

export function simulatedIntegers(plan: QuantizationPlan, weightScales: WeightScales): Representation {
  const fake = fakeQuantizedRepresentation(plan, weightScales);
  return {
    ...fake,
    emit: (graph, folded, inputs) => {
      const { layer, weight, bias } = folded;
      if (layer.kind === 'add') return sum(graph, plan, folded, inputs);
      if (layer.kind === 'globalAverage') return average(graph, plan, folded, inputs[0]!);
      const isProduct = layer.kind === 'convolution' || layer.kind === 'depthwise' || layer.kind === 'dense';
      if (!isProduct) return null;
      const scale = inputScale(plan, folded);
      const { values, scales } = quantizeWeight(weight!, layer.shape[0], weightScales.get(folded.name));
      const integers = {
        input: wholeSteps(graph, inputs[0]!, scale),
        weight: graph.named(`${folded.name}.weight`, Float32Array.from(values), weightShape(folded)),
        bias: Float32Array.from(quantizeBias(bias!, scale, scales)),
      };
      const sums = product(graph, folded, integers);
      const output = plan.get(folded.name);
      const factors = scales.map((weightScale) =>
        Math.fround(Math.fround(scale * weightScale) / (output?.scale ?? 1)),
      );
      const scaled = graph.add(
        'Mul',
        [sums, graph.constant(factors, perChannel(sums, factors.length))],
        sums.shape,
      );
      return output === undefined ? scaled : rounded(graph, scaled, output, folded);
    },
    // Already what the next layers see, where it was made of whole numbers.
    output: (graph, folded, value) => (isRounded(folded) ? value : fake.output(graph, folded, value)),
  };
}

/** Whether `emit` has rounded it. */
function isRounded({ layer }: FoldedLayer): boolean {
  return ['add', 'globalAverage', 'convolution', 'depthwise', 'dense'].includes(layer.kind);
}

interface Integers {
  readonly input: Tensor;
  readonly weight: Tensor;
  readonly bias: Float32Array;
}

function product(graph: Graph, { layer }: FoldedLayer, { input, weight, bias }: Integers): Tensor {
  const shape = [-1, ...layer.shape];
  const offsets = graph.constant(bias, [bias.length]);
  if (layer.kind === 'dense') {
    const row = graph.reshape(input, [-1, sizeOf(layer.inputs[0]!.shape)]);
    return graph.add('Gemm', [row, weight, offsets], [-1, layer.shape[0]], { transB: 1 });
  }
  if (layer.kind !== 'convolution' && layer.kind !== 'depthwise') throw new TypeError(layer.kind);
  const group = layer.kind === 'depthwise' ? layer.shape[0] : 1;
  return graph.add('Conv', [input, weight, offsets], shape, { ...slidingAttributes(layer), group });
}

/**
 * As MLAS adds bytes with AVX2: the zero points' part first, then the second summand, then the first, each times its
 * own factor and rounded once (fused multiply and add: here in doubles, which hold such a product and sum exactly).
 * A residual network has so many sums near halves that another order changes the bytes of every second beat.
 */
function sum(graph: Graph, plan: QuantizationPlan, folded: FoldedLayer, inputs: readonly Tensor[]): Tensor {
  const output = plan.get(folded.name)!;
  const { shape } = inputs[0]!;
  const summands = inputs.map((input, i) => {
    const { scale, zeroPoint } = inputByte(plan, folded, i);
    const bytes = graph.add('Add', [wholeSteps(graph, input, scale), graph.scalar(zeroPoint)], shape);
    return { bytes, zeroPoint, factor: Math.fround(scale / output.scale) };
  });
  const [first, second] = summands as [Summand, Summand];
  const zeros = Math.fround(first.factor * first.zeroPoint + Math.fround(second.factor * second.zeroPoint));
  let total: Tensor = graph.scalar(Math.fround(output.zeroPoint - zeros));
  for (const { bytes, factor } of [second, first]) total = multipliedAndAdded(graph, bytes, factor, total);
  const rounded = graph.add('Round', [total], shape);
  return clipped(graph, graph.add('Sub', [rounded, graph.scalar(output.zeroPoint)], shape), output, folded);
}

interface Summand {
  readonly bytes: Tensor;
  readonly zeroPoint: number;
  readonly factor: number;
}

/** x * factor + y, rounded once. */
function multipliedAndAdded(graph: Graph, x: Tensor, factor: number, y: Tensor): Tensor {
  const wide = (tensor: Tensor): Tensor =>
    graph.add('Cast', [tensor], tensor.shape, { to: DOUBLE }, 'double');
  const product = graph.add('Mul', [wide(x), wide(graph.scalar(factor))], x.shape, {}, 'double');
  const total = graph.add('Add', [product, wide(y)], x.shape, {}, 'double');
  return graph.add('Cast', [total], x.shape, { to: FLOAT });
}

/** The sum of whole numbers times one factor. */
function average(graph: Graph, plan: QuantizationPlan, folded: FoldedLayer, input: Tensor): Tensor {
  const output = plan.get(folded.name)!;
  const { scale } = inputByte(plan, folded, 0);
  const [channels, height, width] = folded.inputs[0]!.layer.shape;
  const axes = graph.integers([2, 3]);
  const shape = [-1, channels, 1, 1];
  const sums = graph.add('ReduceSum', [wholeSteps(graph, input, scale), axes], shape, { keepdims: 1 });
  const factor = Math.fround(scale / Math.fround(output.scale * (height * width)));
  const scaled = graph.add('Mul', [sums, graph.scalar(factor)], shape);
  return rounded(graph, scaled, output, folded);
}

/** Bytes less their zero point. */
function wholeSteps(graph: Graph, value: Tensor, scale: number): Tensor {
  return graph.add('Round', [graph.add('Div', [value, graph.scalar(scale)], value.shape)], value.shape);
}

/** A rectifier is the lower bound of its bytes. */
function rounded(graph: Graph, scaled: Tensor, output: ActivationScale, folded: FoldedLayer): Tensor {
  return clipped(graph, graph.add('Round', [scaled], scaled.shape), output, folded);
}

function clipped(
  graph: Graph,
  steps: Tensor,
  { scale, zeroPoint }: ActivationScale,
  { activation }: FoldedLayer,
): Tensor {
  const low = activation === null ? -zeroPoint : 0;
  const bounds = [graph.scalar(low), graph.scalar(255 - zeroPoint)];
  const kept = graph.add('Clip', [steps, ...bounds], steps.shape);
  return graph.add('Mul', [kept, graph.scalar(scale)], steps.shape);
}

function perChannel({ shape }: Tensor, channels: number): number[] {
  return shape.length === 2 ? [channels] : [1, channels, 1, 1];
}
