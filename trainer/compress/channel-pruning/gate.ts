/**
 * Squeeze and excitation (Hu et al. 2018): the averages of all channels, squeezed and excited again to one factor for
 * each of them.
 */
import type { Layer, LayerOf } from '../../nets/network.ts';

export interface Gate {
  /** Sees the average of every channel. */
  readonly squeeze: LayerOf<'convolution'>;
  /** Makes the factor of every channel, up to its activation. */
  readonly excite: LayerOf<'convolution'>;
  /** The channels times their factors. */
  readonly gated: Layer;
}

/** @returns how `x` is gated, where nobody else sees it */
export function gateOf(x: Layer, users: ReadonlyMap<Layer, readonly Layer[]>): Gate | null {
  const seenBy = users.get(x)!;
  const gated = seenBy.find(({ kind, inputs }) => kind === 'scaleChannels' && inputs[0] === x);
  if (gated === undefined || seenBy.length !== 2) return null;
  const excite = convolutionOf(gated.inputs[1]!);
  const squeeze = excite === null ? null : convolutionOf(excite.inputs[0]!);
  if (excite === null || squeeze === null) return null;
  const average = squeeze.inputs[0]!;
  if (average.kind !== 'globalAverage' || average.inputs[0] !== x) return null;
  const inGate = [average, squeeze, excite.inputs[0]!, excite, gated.inputs[1]!];
  const isOnlyHere = inGate.every((layer) => users.get(layer)!.length === 1);
  return isOnlyHere ? { squeeze, excite, gated } : null;
}

/** The layer that is gated, by the convolution that makes its factors. */
export function gatedBy(layers: readonly Layer[]): ReadonlyMap<Layer, Layer> {
  const found = new Map<Layer, Layer>();
  for (const { kind, inputs } of layers) {
    const excite = kind === 'scaleChannels' ? convolutionOf(inputs[1]!) : null;
    if (excite !== null) found.set(excite, inputs[0]!);
  }
  return found;
}

/** What makes the channels of `x`, if no more than an activation is between. */
function convolutionOf(x: Layer): LayerOf<'convolution'> | null {
  const source = x.kind === 'activation' ? x.inputs[0]! : x;
  return source.kind === 'convolution' ? source : null;
}
