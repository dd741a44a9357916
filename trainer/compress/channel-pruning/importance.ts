/**
 * How much a channel brings to what comes after its chain: the mean square that its activation has, which the last
 * batch normalisation tells (Network Slimming, Liu et al. 2017, looks at its scale alone), times the squared weights
 * that it is seen with.
 */
import type { ActivationKind, Layer } from '../../nets/network.ts';
import type { Weights } from '../../nets/parameters.ts';
import type { Chain } from './chains.ts';

/** Middles of so many equal parts of a normal distribution. */
const QUANTILES = [
  -1.83, -1.28, -0.97, -0.73, -0.52, -0.34, -0.17, 0, 0.17, 0.34, 0.52, 0.73, 0.97, 1.28, 1.83,
];

/** @returns one number a channel; only their order and ratios mean something */
export function importanceOf({ first, between, gates, last }: Chain, weights: Weights): Float64Array {
  const normalised = between.findLastIndex(({ kind }) => kind === 'batchNorm');
  const channels = first.shape[0];
  const seen = squaresBySource(weights.get(`${last.name}.weight`)!, last.shape[0], channels);
  // What a gate lets through of a usual beat is what its bias says.
  for (const { excite } of gates) {
    const bias = weights.get(`${excite.name}.bias`)!;
    for (let c = 0; c < channels; c++) seen[c]! *= activated(bias[c]!, 'sigmoid') ** 2;
  }
  if (normalised < 0) {
    const weight = weights.get(`${first.name}.weight`)!;
    const size = weight.length / channels;
    return seen.map((square, c) => square * sumOfSquares(weight.subarray(c * size, (c + 1) * size)));
  }
  const { name } = between[normalised]!;
  const scale = weights.get(`${name}.scale`)!;
  const shift = weights.get(`${name}.shift`)!;
  const after = between.slice(normalised + 1);
  return seen.map((square, c) => square * meanSquare(shift[c]!, scale[c]!, after));
}

/** Squared weights with which each input channel is seen, of [filters, channels, ...]. */
function squaresBySource(weight: Float32Array, filters: number, channels: number): Float64Array {
  const size = weight.length / filters;
  const area = size / channels;
  const squares = new Float64Array(channels);
  for (let i = 0; i < weight.length; i++) {
    squares[Math.floor((i % size) / area)]! += weight[i]! ** 2;
  }
  return squares;
}

function meanSquare(mean: number, deviation: number, after: readonly Layer[]): number {
  let sum = 0;
  for (const quantile of QUANTILES) {
    let value = mean + deviation * quantile;
    for (const layer of after) if (layer.kind === 'activation') value = activated(value, layer.activation);
    sum += value * value;
  }
  return sum / QUANTILES.length;
}

function activated(value: number, kind: ActivationKind): number {
  switch (kind) {
    case 'relu':
      return Math.max(0, value);
    case 'relu6':
      return Math.min(6, Math.max(0, value));
    case 'swish':
      return value / (1 + Math.exp(-value));
    case 'sigmoid':
      return 1 / (1 + Math.exp(-value));
  }
}

function sumOfSquares(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
