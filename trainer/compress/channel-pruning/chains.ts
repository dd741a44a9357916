/**
 * Where channels can be left out without anyone else noticing: a convolution makes them, layers between treat each
 * by itself, and one convolution or dense layer alone sees them. In MobileNetV2 every expansion is such a chain; in
 * EfficientNetB0 too, with its squeeze and excitation, whose gates come and go with the channels that they are for.
 */
import type { Layer, LayerOf, Network } from '../../nets/network.ts';
import { type Gate, gateOf } from './gate.ts';

export interface Chain {
  readonly first: LayerOf<'convolution'>;
  /** Whose channels are each made of the same channel before. */
  readonly between: readonly Layer[];
  /** Those of `between` that are gated. */
  readonly gates: readonly Gate[];
  readonly last: LayerOf<'convolution'> | LayerOf<'dense'>;
}

const CHANNELWISE: readonly Layer['kind'][] = [
  'batchNorm',
  'affine',
  'activation',
  'depthwise',
  'maxPool',
  'averagePool',
  'globalAverage',
  'dropout',
];

/** In the order of their first layers; the last of one may be the first of another. */
export function chainsOf({ layers }: Network): Chain[] {
  const users = new Map<Layer, Layer[]>(layers.map((layer) => [layer, []]));
  for (const layer of layers) for (const input of layer.inputs) users.get(input)!.push(layer);
  return layers.flatMap((first): Chain[] => {
    if (first.kind !== 'convolution') return [];
    const between: Layer[] = [];
    const gates: Gate[] = [];
    for (let x: Layer = first; ; x = between.at(-1)!) {
      const gate = gateOf(x, users);
      if (gate !== null) {
        gates.push(gate);
        between.push(gate.gated);
        continue;
      }
      const [user, another] = users.get(x)!;
      if (user === undefined || another !== undefined) return [];
      if (user.kind === 'convolution') return [{ first, between, gates, last: user }];
      // A dense layer sees its input as a row: a channel is one number of it where that is one by one.
      if (user.kind === 'dense') {
        return x.shape[1] * x.shape[2] === 1 ? [{ first, between, gates, last: user }] : [];
      }
      if (!isChannelwise(user)) return [];
      between.push(user);
    }
  });
}

export function isChannelwise({ kind }: Layer): boolean {
  return CHANNELWISE.includes(kind);
}

/** Numbers that a chain's channels bring with them: what makes them, what is between, what sees them. */
export function parametersOfChain({ first, between, gates, last }: Chain): number {
  const channels = first.shape[0];
  const area = ({ kernel }: LayerOf<'convolution'> | LayerOf<'depthwise'>): number => kernel[0] * kernel[1];
  let perChannel = first.inputs[0]!.shape[0] * area(first);
  for (const layer of between) {
    if (layer.kind === 'depthwise') perChannel += area(layer);
    if (layer.kind === 'batchNorm' || layer.kind === 'affine') perChannel += 2;
  }
  // A weight of the squeezing layer for each that it makes, one of the exciting layer for each that it sees, its bias.
  for (const { squeeze, excite } of gates) perChannel += squeeze.shape[0] + excite.inputs[0]!.shape[0] + 1;
  perChannel += last.shape[0] * (last.kind === 'convolution' ? area(last) : 1);
  return channels * perChannel;
}
