/** Humps of an envelope: steps that are largest within a neighbourhood on both sides. */
import { BAND_MASK } from './bands.ts';

/** Steps on each side (67 ms): two QRS complexes are never closer, the parts of one mostly are. */
export const HUMP_REACH = 8;

/** Is step `n` of the ring a hump? Its `HUMP_REACH` neighbours must be there on both sides. */
export function isHump(ring: Float32Array, n: number): boolean {
  const value = ring[n & BAND_MASK]!;
  if (value <= ring[(n - 1) & BAND_MASK]! || value < ring[(n + 1) & BAND_MASK]!) return false;
  for (let k = 2; k <= HUMP_REACH; k++) {
    if (ring[(n - k) & BAND_MASK]! >= value || ring[(n + k) & BAND_MASK]! > value) return false;
  }
  return true;
}

/** A hump before it is decided upon, as training sees it. */
export interface Candidate {
  readonly sample: number;
  /** Height of the common envelope, in levels. */
  readonly height: number;
  /** What the scorer saw, per lead, and what it said; null: too low or too early to be scored. */
  readonly scored: {
    /** Reused: copy to keep. */
    readonly features: readonly Float32Array[];
    readonly score: number;
  } | null;
}
