/**
 * Which weights go: layer-adaptive magnitude pruning (LAMP, Lee et al. 2021). A weight's score is its square over
 * the sum of the squares of all weights of its layer that are not smaller: what the layer would lose by it. One
 * threshold over all layers then takes more from layers that have plenty.
 */
import type { Weights } from '../../nets/parameters.ts';

/** Halvings of the threshold's range: far below the distance of two scores. */
const BISECTIONS = 60;

interface RankedLayer {
  readonly name: string;
  /** One a weight, falling. */
  readonly scores: Float64Array;
}

/** How many weights of each layer stay when `sparsity` of all together are zero. */
export function keptByLayer(weights: Weights, sparsity: number): Map<string, number> {
  const layers = [...weights].map(([name, values]) => rank(name, values));
  const total = layers.reduce((sum, { scores }) => sum + scores.length, 0);
  const wanted = Math.round(total * (1 - sparsity));
  const keptAbove = (threshold: number): number =>
    layers.reduce((sum, { scores }) => sum + countAbove(scores, threshold), 0);
  // Scores span many orders of magnitude: the logarithm is halved.
  let low = -60;
  let high = 1;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (keptAbove(Math.exp(middle)) > wanted) low = middle;
    else high = middle;
  }
  return new Map(layers.map(({ name, scores }) => [name, countAbove(scores, Math.exp(high))]));
}

/** Sets all but the `kept` largest to zero, in place. Of equal ones the first stay. */
export function zeroSmallest(values: Float32Array, kept: number): void {
  if (kept >= values.length) return;
  const magnitudes = values.map(Math.abs).sort();
  const threshold = kept === 0 ? Number.POSITIVE_INFINITY : magnitudes[values.length - kept]!;
  let above = 0;
  for (const value of values) if (Math.abs(value) > threshold) above++;
  let atThreshold = kept - above;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]!);
    if (magnitude > threshold || (magnitude === threshold && atThreshold-- > 0)) continue;
    values[i] = 0;
  }
}

/** Share of all values that are zero. */
export function sparsityOf(weights: Weights): number {
  let zeros = 0;
  let total = 0;
  for (const values of weights.values()) {
    total += values.length;
    for (const value of values) if (value === 0) zeros++;
  }
  return total === 0 ? 0 : zeros / total;
}

function rank(name: string, values: Float32Array): RankedLayer {
  const magnitudes = values.map(Math.abs).sort().reverse();
  const scores = new Float64Array(magnitudes.length);
  let notSmaller = 0;
  for (let i = 0; i < magnitudes.length; i++) {
    const square = magnitudes[i]! ** 2;
    notSmaller += square;
    scores[i] = notSmaller === 0 ? 0 : square / notSmaller;
  }
  return { name, scores };
}

function countAbove(falling: Float64Array, threshold: number): number {
  let low = 0;
  let high = falling.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (falling[middle]! > threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}
