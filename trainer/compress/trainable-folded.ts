/**
 * A folded network as one that can be trained further: without batch normalisation, its convolutions with biases.
 * What quantization and clustering fit is what the device will run.
 */
import type { FoldedLayer, FoldedNetwork } from '../export/folded.ts';
import type { Layer, Network } from '../nets/network.ts';
import type { Weights } from '../nets/parameters.ts';

export interface TrainableFolded {
  readonly network: Network;
  readonly weights: Weights;
  /** The layer that computes what a folded layer gives, by the folded layer's name. */
  readonly outputs: ReadonlyMap<string, Layer>;
}

export function trainableFolded({ name, layers: folded }: FoldedNetwork): TrainableFolded {
  const layers: Layer[] = [];
  const weights = new Map<string, Float32Array>();
  const outputs = new Map<string, Layer>();
  const made = new Map<FoldedLayer, Layer>();
  for (const source of folded) {
    let layer = withInputs(
      source,
      source.inputs.map((input) => made.get(input)!),
    );
    layers.push(layer);
    for (const [suffix, values] of namedValues(layer, source)) weights.set(`${layer.name}.${suffix}`, values);
    const { activation } = source;
    if (activation !== null) {
      const activationName = `${layer.name}.${activation}`;
      layer = { kind: 'activation', name: activationName, inputs: [layer], shape: layer.shape, activation };
      layers.push(layer);
    }
    made.set(source, layer);
    outputs.set(source.name, layer);
  }
  return { network: { name, layers, output: layers.at(-1)! }, weights, outputs };
}

function withInputs({ layer, name }: FoldedLayer, inputs: readonly Layer[]): Layer {
  if (layer.kind === 'convolution' || layer.kind === 'depthwise') {
    return { ...layer, name, inputs, bias: true };
  }
  if (layer.kind === 'batchNorm') return { kind: 'affine', name, inputs, shape: layer.shape };
  return { ...layer, name, inputs };
}

function namedValues({ kind }: Layer, { weight, bias }: FoldedLayer): [string, Float32Array][] {
  if (weight === null || bias === null) return [];
  return kind === 'affine'
    ? [
        ['scale', weight],
        ['shift', bias],
      ]
    : [
        ['weight', weight],
        ['bias', bias],
      ];
}
