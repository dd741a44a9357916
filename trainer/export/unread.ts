/**
 * What nobody reads, as zeros. Where nine of ten weights are zero, some channels of an input have none but zeros in every
 * convolution after them: whatever they hold, no answer changes. DenseNet201 normalises each channel anew before every
 * convolution that could read it, and most of those factors and offsets are for nothing; as zeros they take no place in
 * an archive. Answers stay as they are to the last bit.
 */
import type { LayerOf } from '../nets/network.ts';
import type { FoldedLayer, FoldedNetwork } from './folded.ts';

/** What is added up: levels of an integer model, weights of floats. Same length as the layer's weight. */
export type Values = (layer: FoldedLayer) => ArrayLike<number>;

/** @param valuesOf of convolutions and dense layers: a channel counts as read where one of them is not zero */
export function withoutUnread(network: FoldedNetwork, valuesOf: Values): FoldedNetwork {
  const read = readChannels(network, valuesOf);
  const replaced = new Map<FoldedLayer, FoldedLayer>();
  for (const layer of network.layers) {
    const channels = read.get(layer)!;
    const zeroed = (values: Float32Array | null): Float32Array | null =>
      values?.map((value, i) => (channels[Math.floor((i * channels.length) / values.length)] ? value : 0)) ??
      null;
    replaced.set(layer, {
      ...layer,
      inputs: layer.inputs.map((input) => replaced.get(input)!),
      weight: zeroed(layer.weight),
      bias: zeroed(layer.bias),
    });
  }
  return { ...network, layers: [...replaced.values()] };
}

/** By layer, for each channel of its output: whether an answer depends on it. */
function readChannels({ layers }: FoldedNetwork, valuesOf: Values): Map<FoldedLayer, boolean[]> {
  const read = new Map(layers.map((layer) => [layer, new Array<boolean>(layer.layer.shape[0]).fill(false)]));
  read.get(layers.at(-1)!)!.fill(true);
  for (const layer of layers.toReversed()) {
    const output = read.get(layer)!;
    let from = 0;
    for (const input of layer.inputs) {
      const channels = read.get(input)!;
      const needed = neededOf(layer, channels.length, output, valuesOf, from);
      for (const [c, isNeeded] of needed.entries()) channels[c] ||= isNeeded;
      from += channels.length;
    }
  }
  return read;
}

/**
 * Channels of one input that the read ones of the output depend on.
 * @param from channels of the inputs before this one
 */
function neededOf(
  folded: FoldedLayer,
  channels: number,
  output: readonly boolean[],
  valuesOf: Values,
  from: number,
): boolean[] {
  const { layer } = folded;
  switch (layer.kind) {
    case 'convolution':
    case 'dense':
      return summed(valuesOf(folded), channels, output);
    case 'concat':
      return output.slice(from, from + channels);
    case 'take':
      return takenFrom(layer, channels, output);
    default:
      // A channel of the output is made of the same one of every input; where channels are others, all are read.
      return channels === output.length ? [...output] : new Array<boolean>(channels).fill(true);
  }
}

function summed(values: ArrayLike<number>, channels: number, output: readonly boolean[]): boolean[] {
  const needed = new Array<boolean>(channels).fill(false);
  const row = values.length / output.length;
  for (const [c, isRead] of output.entries()) {
    if (!isRead) continue;
    for (let i = 0; i < row; i++)
      if (values[c * row + i] !== 0) needed[Math.floor((i * channels) / row)] = true;
  }
  return needed;
}

function takenFrom({ axis, from }: LayerOf<'take'>, channels: number, output: readonly boolean[]): boolean[] {
  if (axis !== 0) return [...output];
  return Array.from({ length: channels }, (_, c) => output[c - from] ?? false);
}
