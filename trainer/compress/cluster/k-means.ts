/** One-dimensional k-means (Lloyd) on sorted values: an iteration costs a search for each border, not a pass. */

/** Starts evenly over the range, which keeps the few large weights (Han et al. 2016), and stops when nothing moves. */
const MOST_ITERATIONS = 100;

/**
 * @param values in any order
 * @returns the centroids, rising; fewer than `count` when there are fewer different values
 */
export function kMeans(values: Float32Array, count: number): Float32Array {
  const sorted = Float32Array.from(values).sort();
  if (sorted.length === 0) return new Float32Array();
  const sums = new Float64Array(sorted.length + 1);
  for (let i = 0; i < sorted.length; i++) sums[i + 1] = sums[i]! + sorted[i]!;
  const low = sorted[0]!;
  const high = sorted.at(-1)!;
  let centroids = Float32Array.from({ length: count }, (_, i) => low + ((high - low) * (i + 0.5)) / count);
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const next: number[] = [];
    let from = 0;
    for (let c = 0; c < centroids.length; c++) {
      const isLast = c === centroids.length - 1;
      const to = isLast ? sorted.length : firstAtLeast(sorted, (centroids[c]! + centroids[c + 1]!) / 2);
      // A cluster that nothing belongs to is dropped.
      if (to > from) next.push((sums[to]! - sums[from]!) / (to - from));
      from = Math.max(from, to);
    }
    const moved = Float32Array.from(next);
    const isStill = moved.length === centroids.length && moved.every((value, c) => value === centroids[c]);
    centroids = moved;
    if (isStill) break;
  }
  return centroids;
}

/** Index of the nearest of rising centroids. */
export function nearest(centroids: Float32Array, value: number): number {
  const above = firstAtLeast(centroids, value);
  if (above === 0) return 0;
  if (above === centroids.length) return above - 1;
  return value - centroids[above - 1]! <= centroids[above]! - value ? above - 1 : above;
}

function firstAtLeast(rising: Float32Array, value: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
