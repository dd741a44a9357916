/**
 * A quantization plan as graph pieces, twice: QuantizeLinear/DequantizeLinear pairs, which onnxruntime turns into
 * integer kernels, and the same arithmetic in floats (Div, Round, Clip, Mul), which it can't, to check them by.
 */
import type { Graph, Tensor } from '../graph/graph.ts';
import type { FoldedLayer } from './folded.ts';
import { FLOAT, type Representation, weightShape } from './inference-graph.ts';
import {
  type ActivationScale,
  keepsScale,
  LEVELS_OF_8_BITS,
  type QuantizationPlan,
  quantizeBias,
  quantizeWeight,
  unsignedWeights,
  WEIGHT_ZERO_POINT,
  type WeightScales,
} from './quantization.ts';

/** The scale of what a layer reads. */
export function inputScale(plan: QuantizationPlan, layer: FoldedLayer): number {
  return inputByte(plan, layer, 0).scale;
}

/** How its input of this index is represented. */
export function inputByte(plan: QuantizationPlan, { inputs }: FoldedLayer, index: number): ActivationScale {
  let source = inputs[index]!;
  while (keepsScale(source)) source = source.inputs[0]!;
  return plan.get(source.name)!;
}

export function integerRepresentation(
  plan: QuantizationPlan,
  weightScales: WeightScales = new Map(),
): Representation {
  return {
    parameters: (graph, layer) => {
      const channels = layer.layer.shape[0];
      if (isLine(layer)) {
        return {
          weight: numbers(graph, `${layer.name}.weight`, layer.weight!),
          bias: numbers(graph, `${layer.name}.bias`, layer.bias!),
        };
      }
      const { values, scales } = quantizeWeight(layer.weight!, channels, weightScales.get(layer.name));
      const bias = quantizeBias(layer.bias!, inputScale(plan, layer), scales);
      const biasScales = scales.map((scale) => scale * inputScale(plan, layer));
      return {
        weight: dequantized(
          graph,
          `${layer.name}.weight`,
          unsignedWeights(values),
          weightShape(layer),
          scales,
        ),
        bias: dequantized(graph, `${layer.name}.bias`, bias, [channels], biasScales),
      };
    },
    output: (graph, layer, value) => {
      let source = layer;
      while (keepsScale(source)) source = source.inputs[0]!;
      const represented = plan.get(source.name);
      if (represented === undefined) return value;
      const { scale, zeroPoint } = represented;
      const parameters = [graph.scalar(scale), graph.constant(Uint8Array.of(zeroPoint), [])];
      const bytes = graph.add('QuantizeLinear', [value, ...parameters], value.shape, {}, 'uint8');
      return graph.add('DequantizeLinear', [bytes, ...parameters], value.shape);
    },
  };
}

function dequantized(
  graph: Graph,
  name: string,
  values: Uint8Array | Int32Array,
  shape: readonly number[],
  scales: Float32Array,
): Tensor {
  const integers = graph.named(name, values, shape);
  const scale = graph.constant(scales, [scales.length]);
  const zeros =
    values instanceof Uint8Array
      ? new Uint8Array(scales.length).fill(WEIGHT_ZERO_POINT)
      : new Int32Array(scales.length);
  return graph.add('DequantizeLinear', [integers, scale, graph.constant(zeros, [scales.length])], shape, {
    axis: 0,
  });
}

export function fakeQuantizedRepresentation(
  plan: QuantizationPlan,
  weightScales: WeightScales = new Map(),
): Representation {
  return {
    parameters: (graph, layer) => {
      if (isLine(layer)) return FLOAT.parameters(graph, layer);
      const channels = layer.layer.shape[0];
      const { values, scales } = quantizeWeight(layer.weight!, channels, weightScales.get(layer.name));
      const size = values.length / channels;
      const weight = Float32Array.from(values, (value, i) => value * scales[Math.floor(i / size)]!);
      const integers = quantizeBias(layer.bias!, inputScale(plan, layer), scales);
      const bias = Float32Array.from(integers, (value, c) => value * inputScale(plan, layer) * scales[c]!);
      return {
        weight: graph.named(`${layer.name}.weight`, weight, weightShape(layer)),
        bias: graph.named(`${layer.name}.bias`, bias, [channels]),
      };
    },
    output: (graph, layer, value) => {
      const represented = plan.get(layer.name);
      if (represented === undefined) return value;
      const { scale, zeroPoint } = represented;
      const op = (operator: string, ...inputs: Tensor[]): Tensor => graph.add(operator, inputs, value.shape);
      const steps = op('Round', op('Div', value, graph.scalar(scale)));
      const bounds = [graph.scalar(-zeroPoint), graph.scalar(255 - zeroPoint)];
      return op('Mul', graph.add('Clip', [steps, ...bounds], value.shape), graph.scalar(scale));
    },
  };
}

/** One factor and one offset a channel: the runtime computes them in floats in any case. */
function isLine({ layer }: FoldedLayer): boolean {
  return layer.kind === 'batchNorm' || layer.kind === 'affine';
}

/** As bytes times one power of two where that is what they are (`affineGrid`), as floats otherwise. */
function numbers(graph: Graph, name: string, values: Float32Array): Tensor {
  const step = commonStep(values);
  const levels = values.map((value) => value / step);
  if (levels.some((level) => Math.abs(level) > LEVELS_OF_8_BITS))
    return graph.named(name, values, [values.length]);
  const bytes = graph.named(name, Int8Array.from(levels), [values.length]);
  const parameters = [graph.scalar(step), graph.constant(Int8Array.of(0), [])];
  return graph.add('DequantizeLinear', [bytes, ...parameters], [values.length]);
}

/** The largest power of two that all are multiples of. */
function commonStep(values: Float32Array): number {
  let step = Number.POSITIVE_INFINITY;
  for (const value of values) if (value !== 0) step = Math.min(step, lastBitOf(value));
  return Number.isFinite(step) ? step : 1;
}

/** The power of two that the last set bit of its mantissa stands for. */
function lastBitOf(value: number): number {
  let bit = 2 ** Math.floor(Math.log2(Math.abs(value)));
  while (!Number.isInteger(value / bit)) bit /= 2;
  return bit;
}
