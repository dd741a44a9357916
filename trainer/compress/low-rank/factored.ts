/**
 * Low-rank factorization (Denton et al. 2014; Zhang et al. 2016): a 1x1 convolution of rank r is two, in and out of r
 * channels, and has fewer weights when r is small.
 */
import type { Layer, Network } from '../../nets/network.ts';
import { parametersOf, type Weights } from '../../nets/parameters.ts';
import { singularValues } from './singular-values.ts';

export interface Factored {
  readonly network: Network;
  readonly weights: Weights;
  /** Rank and full rank of each layer that became two, by name. */
  readonly ranks: ReadonlyMap<string, readonly [number, number]>;
}

/**
 * @param energy share of a weight's squared sum that its factors keep, 0 to 1
 */
export function factored(network: Network, weights: Weights, energy: number): Factored {
  const values = new Map(weights);
  const ranks = new Map<string, readonly [number, number]>();
  const made = new Map<Layer, Layer>();
  const layers: Layer[] = [];
  for (const source of network.layers) {
    const inputs = source.inputs.map((input) => made.get(input)!);
    const split = isPointwise(source) ? splitLayer(source, inputs[0]!, weights, energy) : null;
    if (split === null) {
      const layer = { ...source, inputs } as Layer;
      layers.push(layer);
      made.set(source, layer);
      continue;
    }
    layers.push(split.first, split.second);
    made.set(source, split.second);
    for (const [name, data] of split.weights) values.set(name, data);
    ranks.set(source.name, [split.first.shape[0], Math.min(source.shape[0], source.inputs[0]!.shape[0])]);
  }
  const result = { name: network.name, layers, output: layers.at(-1)! };
  // Moments that a training left behind belong to other sizes.
  const kept = parametersOf(result).map(({ name }) => [name, values.get(name)!] as const);
  return { network: result, weights: new Map(kept), ranks };
}

type Pointwise = Extract<Layer, { kind: 'convolution' }>;

function isPointwise(layer: Layer): layer is Pointwise {
  return layer.kind === 'convolution' && layer.kernel[0] * layer.kernel[1] === 1;
}

interface Split {
  readonly first: Layer;
  readonly second: Layer;
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** null when two factors would not be smaller than the one weight. */
function splitLayer(layer: Pointwise, input: Layer, weights: Weights, energy: number): Split | null {
  const weight = weights.get(`${layer.name}.weight`)!;
  const filters = layer.shape[0];
  const depth = weight.length / filters;
  const { values, left, right } = singularValues(weight, filters, depth);
  const rank = rankFor(values, energy);
  if (rank * (filters + depth) >= filters * depth) return null;
  // The first convolution strides, so that the second has fewer positions to fill.
  const shape = [rank, layer.shape[1], layer.shape[2]] as const;
  const name = `${layer.name}.in`;
  // A bias between the two would be one after them.
  const first: Layer = { ...layer, name, inputs: [input], shape, bias: false };
  const second: Layer = { ...layer, inputs: [first], stride: [1, 1], pads: [0, 0, 0, 0] };
  const into = new Float32Array(rank * depth);
  const outOf = new Float32Array(filters * rank);
  for (let r = 0; r < rank; r++) {
    // Half of the singular value on either side: both learn at the same pace.
    const root = Math.sqrt(values[r]!);
    for (let c = 0; c < depth; c++) into[r * depth + c] = right[r]![c]! * root;
    for (let f = 0; f < filters; f++) outOf[f * rank + r] = left[r]![f]! * root;
  }
  return {
    first,
    second,
    weights: new Map([
      [`${name}.weight`, into],
      [`${layer.name}.weight`, outOf],
    ]),
  };
}

/** The fewest singular values that hold so much of the energy. */
export function rankFor(values: Float64Array, energy: number): number {
  const total = values.reduce((sum, value) => sum + value * value, 0);
  let kept = 0;
  for (const [i, value] of values.entries()) {
    kept += value * value;
    if (kept >= energy * total) return i + 1;
  }
  return values.length;
}
