/** A folded network as the plain NCHW operators that any ONNX runtime knows. */
import { Graph, sizeOf, type Tensor } from '../graph/graph.ts';
import type { Sliding } from '../graph/ops/patches.ts';
import type { ActivationKind } from '../nets/network.ts';
import type { FoldedLayer, FoldedNetwork } from './folded.ts';
import { isQuantizedLast } from './quantization.ts';

/** How numbers are represented; floats as they are when nothing is replaced. */
export interface Representation {
  /** A layer's weight and bias as tensors of the graph. */
  readonly parameters: (
    graph: Graph,
    layer: FoldedLayer,
  ) => { readonly weight: Tensor; readonly bias: Tensor };
  /** A layer with its activation in another way than by the plain operators; null: by them. */
  readonly emit?: (graph: Graph, layer: FoldedLayer, inputs: readonly Tensor[]) => Tensor | null;
  /** What the next layers see of a layer's output. */
  readonly output: (graph: Graph, layer: FoldedLayer, value: Tensor) => Tensor;
}

export const FLOAT: Representation = {
  parameters: (graph, layer) => ({
    weight: graph.named(`${layer.name}.weight`, layer.weight!, weightShape(layer)),
    bias: graph.named(`${layer.name}.bias`, layer.bias!, [layer.bias!.length]),
  }),
  output: (_graph, _layer, value) => value,
};

export interface InferenceGraph {
  readonly graph: Graph;
  /** The output of each folded layer, by name, before its representation. */
  readonly values: ReadonlyMap<string, Tensor>;
}

/** Input `image` [N, 3, 36, 36], output `logits` [N, classes]. */
export function inferenceGraph(
  network: FoldedNetwork,
  representation: Representation = FLOAT,
): InferenceGraph {
  const graph = new Graph(network.name);
  const seen = new Map<FoldedLayer, Tensor>();
  const values = new Map<string, Tensor>();
  for (const layer of network.layers) {
    const inputs = layer.inputs.map((input) => seen.get(input)!);
    const value =
      representation.emit?.(graph, layer, inputs) ??
      activate(graph, emit(graph, layer, inputs, representation), layer.activation);
    values.set(layer.name, value);
    const isSum = layer === network.layers.at(-1) && !isQuantizedLast(layer);
    seen.set(layer, isSum ? value : representation.output(graph, layer, value));
  }
  const last = seen.get(network.layers.at(-1)!)!;
  graph.output('logits', graph.reshape(last, [-1, sizeOf(last.shape.slice(1))]));
  return { graph, values };
}

export function weightShape({ layer, weight }: FoldedLayer): number[] {
  const channels = layer.shape[0];
  const depth = weight!.length / channels;
  if (layer.kind === 'convolution' || layer.kind === 'depthwise') {
    const [kh, kw] = layer.kernel;
    return [channels, depth / (kh * kw), kh, kw];
  }
  return layer.kind === 'dense' ? [channels, depth] : [channels];
}

function emit(
  graph: Graph,
  folded: FoldedLayer,
  inputs: readonly Tensor[],
  representation: Representation,
): Tensor {
  const { layer } = folded;
  const x = inputs[0]!;
  const shape = [-1, ...layer.shape];
  switch (layer.kind) {
    case 'input':
      return graph.input('image', shape);
    case 'convolution':
    case 'depthwise': {
      const { weight, bias } = representation.parameters(graph, folded);
      const group = layer.kind === 'depthwise' ? layer.shape[0] : 1;
      return graph.add('Conv', [x, weight, bias], shape, { ...slidingAttributes(layer), group });
    }
    case 'dense': {
      const { weight, bias } = representation.parameters(graph, folded);
      const row = graph.reshape(x, [-1, sizeOf(layer.inputs[0]!.shape)]);
      return graph.add('Gemm', [row, weight, bias], [-1, layer.shape[0]], { transB: 1 });
    }
    case 'batchNorm':
    case 'affine': {
      const { weight, bias } = representation.parameters(graph, folded);
      const channel = [1, layer.shape[0], 1, 1];
      const scaled = graph.add('Mul', [x, graph.reshape(weight, channel)], shape);
      return graph.add('Add', [scaled, graph.reshape(bias, channel)], shape);
    }
    case 'activation':
      return activate(graph, x, layer.activation);
    case 'maxPool':
      return graph.add('MaxPool', [x], shape, slidingAttributes(layer));
    case 'averagePool':
      return graph.add('AveragePool', [x], shape, { ...slidingAttributes(layer), count_include_pad: 1 });
    case 'globalAverage':
      return graph.add('GlobalAveragePool', [x], shape);
    case 'add':
      return graph.add(
        'Add',
        inputs.map((input, i) => atLeast4(graph, input, folded.inputs[i]!)),
        shape,
      );
    case 'concat':
      return graph.add(
        'Concat',
        inputs.map((input, i) => atLeast4(graph, input, folded.inputs[i]!)),
        shape,
        { axis: 1 },
      );
    case 'scaleChannels':
      return graph.add('Mul', [x, atLeast4(graph, inputs[1]!, folded.inputs[1]!)], shape);
    case 'take': {
      const to = layer.from + layer.shape[layer.axis];
      const bounds = [layer.from, to, layer.axis + 1].map((value) => graph.integers([value]));
      return graph.add('Slice', [x, ...bounds], shape);
    }
    case 'reshape':
    case 'dropout':
      return graph.reshape(x, shape);
  }
}

function activate(graph: Graph, x: Tensor, activation: ActivationKind | null): Tensor {
  if (activation === 'relu') return graph.add('Relu', [x], x.shape);
  if (activation === 'relu6') return graph.add('Clip', [x, graph.scalar(0), graph.scalar(6)], x.shape);
  if (activation === null) return x;
  const sigmoid = graph.add('Sigmoid', [x], x.shape);
  return activation === 'sigmoid' ? sigmoid : graph.add('Mul', [x, sigmoid], x.shape);
}

/** The rows of a dense layer as a map of 1 x 1. */
function atLeast4(graph: Graph, x: Tensor, { layer }: FoldedLayer): Tensor {
  return graph.reshape(x, [-1, ...layer.shape]);
}

function slidingAttributes({ kernel, stride, pads }: Sliding): Record<string, readonly number[]> {
  return { kernel_shape: kernel, strides: stride, pads };
}
