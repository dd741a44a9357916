/**
 * A trained network with its batch normalisations folded into the convolutions before them: what runs on the
 * device, and what is quantized. Activations are fused with the layer before, so that every folded layer ends
 * where a quantized one would.
 */
import type { ActivationKind, Layer, Network } from '../nets/network.ts';
import type { Weights } from '../nets/parameters.ts';

export interface FoldedLayer {
  /** The name of the first layer folded into this one. */
  readonly name: string;
  readonly layer: Layer;
  readonly inputs: readonly FoldedLayer[];
  /** Convolution, depthwise and dense: as ONNX shapes them. Batch normalisation that stands alone: its factors. */
  readonly weight: Float32Array | null;
  readonly bias: Float32Array | null;
  /** Applied to the output. */
  readonly activation: ActivationKind | null;
}

export interface FoldedNetwork {
  readonly name: string;
  readonly layers: readonly FoldedLayer[];
}

export function foldNetwork(network: Network, weights: Weights): FoldedNetwork {
  const users = countUsers(network);
  const folded = new Map<Layer, FoldedLayer>();
  const layers: FoldedLayer[] = [];
  for (const layer of network.layers) {
    const source = layer.inputs[0];
    const before = source === undefined ? undefined : folded.get(source);
    const joined =
      before === undefined || users.get(undropped(source!)) !== 1 ? null : join(before, layer, weights);
    if (joined !== null) {
      layers[layers.indexOf(before!)] = joined;
      folded.set(layer, joined);
      continue;
    }
    // Dropout does nothing any more.
    if (layer.kind === 'dropout') {
      folded.set(layer, before!);
      continue;
    }
    const made: FoldedLayer = {
      name: layer.name,
      layer,
      inputs: layer.inputs.map((input) => folded.get(input)!),
      activation: null,
      ...ownValues(layer, weights),
    };
    layers.push(made);
    folded.set(layer, made);
  }
  return { name: network.name, layers };
}

/** `layer` as part of the one before; null when it can't be. */
function join(before: FoldedLayer, layer: Layer, weights: Weights): FoldedLayer | null {
  if (before.activation !== null) return null;
  if (layer.kind === 'activation') {
    // A swish or sigmoid is an operator of its own: joined, the convolution before it would have to stay in floats.
    const isClip = layer.activation === 'relu' || layer.activation === 'relu6';
    const takesActivation = before.weight !== null || before.layer.kind === 'add';
    return isClip && takesActivation ? { ...before, activation: layer.activation } : null;
  }
  const isConvolution = before.layer.kind === 'convolution' || before.layer.kind === 'depthwise';
  if (layer.kind !== 'batchNorm' || !isConvolution) return null;
  const { factor, offset } = affineOf(layer.name, layer.epsilon, weights);
  const channels = factor.length;
  const size = before.weight!.length / channels;
  return {
    ...before,
    weight: before.weight!.map((value, i) => value * factor[Math.floor(i / size)]!),
    bias: offset.map((value, c) => value + (before.bias?.[c] ?? 0) * factor[c]!),
  };
}

function ownValues(layer: Layer, weights: Weights): Pick<FoldedLayer, 'weight' | 'bias'> {
  switch (layer.kind) {
    case 'convolution':
    case 'depthwise': {
      const channels = layer.shape[0];
      const bias = weights.get(`${layer.name}.bias`) ?? new Float32Array(channels);
      return { weight: weights.get(`${layer.name}.weight`)!, bias };
    }
    case 'dense':
      return { weight: weights.get(`${layer.name}.weight`)!, bias: weights.get(`${layer.name}.bias`)! };
    case 'batchNorm': {
      const { factor, offset } = affineOf(layer.name, layer.epsilon, weights);
      return { weight: factor, bias: offset };
    }
    case 'affine':
      return { weight: weights.get(`${layer.name}.scale`)!, bias: weights.get(`${layer.name}.shift`)! };
    default:
      return { weight: null, bias: null };
  }
}

/** y = factor * x + offset, per channel. */
function affineOf(
  name: string,
  epsilon: number,
  weights: Weights,
): { readonly factor: Float32Array; readonly offset: Float32Array } {
  const mean = weights.get(`${name}.mean`)!;
  const variance = weights.get(`${name}.variance`)!;
  const factor = weights.get(`${name}.scale`)!.map((scale, c) => scale / Math.sqrt(variance[c]! + epsilon));
  const offset = weights.get(`${name}.shift`)!.map((shift, c) => shift - mean[c]! * factor[c]!);
  return { factor, offset };
}

function countUsers(network: Network): Map<Layer, number> {
  const users = new Map<Layer, number>();
  for (const { kind, inputs } of network.layers) {
    if (kind === 'dropout') continue;
    for (const input of inputs) users.set(undropped(input), (users.get(undropped(input)) ?? 0) + 1);
  }
  return users;
}

/** Whose output a dropout passes on: that layer is read by whoever reads the dropout. */
function undropped(layer: Layer): Layer {
  return layer.kind === 'dropout' ? undropped(layer.inputs[0]!) : layer;
}
