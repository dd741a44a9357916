/**
 * Weights of a layer that share a few values, which are trained (Han et al. 2016): every weight of a cluster gets the
 * sum of the cluster's gradients, so that all move together. Zero is no cluster: what is pruned stays pruned.
 */
import type { Weights } from '../../nets/parameters.ts';
import type { Constraint } from '../../train/constraint.ts';
import { masksOf } from '../prune/gradual-pruning.ts';
import { kMeans, nearest } from './k-means.ts';

export interface ClusteredWeight {
  /** Which cluster each weight is of; that of zeros comes last and is masked. */
  readonly index: Int32Array;
  readonly centroids: Float32Array;
}

/** @param count values other than zero */
export function clusterWeight(values: Float32Array, count: number): ClusteredWeight {
  const centroids = kMeans(
    values.filter((value) => value !== 0),
    count,
  );
  const index = Int32Array.from(values, (value) =>
    value === 0 ? centroids.length : nearest(centroids, value),
  );
  return { index, centroids };
}

/** The weights with each cluster's value in place of its members. */
export function sharedValues({ index, centroids }: ClusteredWeight): Float32Array {
  return Float32Array.from(index, (cluster) => centroids[cluster] ?? 0);
}

/** @param clustered by name */
export function sharingValues(clustered: ReadonlyMap<string, ClusteredWeight>): Constraint {
  const names = [...clustered.keys()];
  return {
    masked: new Set(names),
    // One more for the zeros.
    clusters: new Map([...clustered].map(([name, { centroids }]) => [name, centroids.length + 1])),
    arrange: (state: Weights) => ({
      masks: masksOf(state, names),
      clusters: new Map([...clustered].map(([name, { index }]) => [name, index])),
      holdsUntil: Number.POSITIVE_INFINITY,
    }),
  };
}
