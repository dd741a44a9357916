/** A network with some channels of its chains left out, and the weights that are left. */
import type { Layer, Network, Shape } from '../../nets/network.ts';
import type { Weights } from '../../nets/parameters.ts';
import type { Trained } from '../stage.ts';
import { isChannelwise } from './chains.ts';
import { gatedBy } from './gate.ts';

/** @param kept channels that stay, in rising order, by the name of the convolution that makes them */
export function pruneChannels(
  network: Network,
  weights: Weights,
  kept: ReadonlyMap<string, readonly number[]>,
): Trained {
  const values = new Map<string, Float32Array>();
  const made = new Map<Layer, Layer>();
  /** null: all of them. */
  const channels = new Map<Layer, readonly number[] | null>();
  const gated = gatedBy(network.layers);
  const keptOf = (source: Layer): readonly number[] | null => {
    // A factor for each channel that is left; what is gated keeps its channels.
    const gates = source.kind === 'scaleChannels' ? source.inputs[0] : gated.get(source);
    return gates === undefined ? (kept.get(source.name) ?? null) : channels.get(gates)!;
  };
  for (const source of network.layers) {
    const into = source.inputs.length === 1 ? channels.get(source.inputs[0]!)! : null;
    const out = isChannelwise(source) ? into : keptOf(source);
    const shape: Shape = out === null ? source.shape : [out.length, source.shape[1], source.shape[2]];
    made.set(source, {
      ...source,
      shape,
      inputs: source.inputs.map((input) => made.get(input)!),
    });
    channels.set(source, out);
    for (const suffix of ['bias', 'scale', 'shift', 'mean', 'variance']) {
      const vector = weights.get(`${source.name}.${suffix}`);
      if (vector !== undefined) values.set(`${source.name}.${suffix}`, rowsOf(vector, 1, out));
    }
    const weight = weights.get(`${source.name}.weight`);
    if (weight !== undefined) values.set(`${source.name}.weight`, weightOf(source, weight, into, out));
  }
  const layers = [...made.values()];
  return { network: { name: network.name, layers, output: layers.at(-1)! }, weights: values };
}

function weightOf(
  layer: Layer,
  weight: Float32Array,
  into: readonly number[] | null,
  out: readonly number[] | null,
): Float32Array {
  const size = weight.length / layer.shape[0];
  const rows = rowsOf(weight, size, out);
  if (layer.kind === 'depthwise' || into === null) return rows;
  const depth = layer.inputs[0]!.shape[0];
  const area = size / depth;
  const result = new Float32Array((rows.length / size) * into.length * area);
  let at = 0;
  for (let row = 0; row < rows.length; row += size) {
    for (const channel of into) {
      const start = row + channel * area;
      result.set(rows.subarray(start, start + area), at);
      at += area;
    }
  }
  return result;
}

function rowsOf(values: Float32Array, size: number, kept: readonly number[] | null): Float32Array {
  if (kept === null) return values.slice();
  const result = new Float32Array(kept.length * size);
  for (const [i, row] of kept.entries()) result.set(values.subarray(row * size, (row + 1) * size), i * size);
  return result;
}
