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

export function simulatedIntegers(plan: QuantizationPlan, weightScales: WeightScales): Representation {
  const fake = fakeQuantizedRepresentation(plan, weightScales);
  return {
    ...fake,
    emit: (graph, folded, inputs) => {
      const { layer, weight, bias } = folded;
      if (layer.kind === 'add') return sum(graph, plan, folded, inputs);
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
    output: (graph, folded, value) =>
      folded.weight === null || isLine(folded) ? fake.output(graph, folded, value) : value,
  };
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

/** As MLAS adds bytes: each times its own factor, the zero points' part of it first. */
function sum(graph: Graph, plan: QuantizationPlan, folded: FoldedLayer, inputs: readonly Tensor[]): Tensor {
  const output = plan.get(folded.name)!;
  const shape = inputs[0]!.shape;
  const op = (operator: string, ...operands: Tensor[]): Tensor => graph.add(operator, operands, shape);
  const factors = inputs.map((_, i) => Math.fround(inputByte(plan, folded, i).scale / output.scale));
  const zeros = inputs.map((_, i) => inputByte(plan, folded, i).zeroPoint);
  const fixed = Math.fround(
    output.zeroPoint -
      Math.fround(Math.fround(factors[0]! * zeros[0]!) + Math.fround(factors[1]! * zeros[1]!)),
  );
  const bytes = inputs.map((input, i) =>
    op('Add', wholeSteps(graph, input, inputByte(plan, folded, i).scale), graph.scalar(zeros[i]!)),
  );
  const first = op('Add', op('Mul', bytes[0]!, graph.scalar(factors[0]!)), graph.scalar(fixed));
  const total = op('Add', first, op('Mul', bytes[1]!, graph.scalar(factors[1]!)));
  const steps = op('Sub', op('Round', total), graph.scalar(output.zeroPoint));
  return clipped(graph, steps, output, folded);
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

/** One factor a channel: computed in floats by the runtime as well. */
function isLine({ layer }: FoldedLayer): boolean {
  return layer.kind === 'batchNorm' || layer.kind === 'affine';
}
