/**
 * Where the R wave is: the largest deflection from the baseline around a candidate. Upright waves are preferred, as
 * readers of MLII do: a downward one must be twice as deep.
 */
import { isReceived } from '../types.ts';
import type { RingBuffer } from './ring-buffer.ts';

/** Samples (360 Hz) on each side of the candidate that are looked at: 72 ms, half a wide QRS complex. */
const REACH = 26;
/** The baseline is the median of this far on each side: 200 ms, more than any QRS complex takes. */
const BASELINE_REACH = 72;
/** Every eighth sample is enough for a median. */
const BASELINE_STRIDE = 8;
const DOWNWARD_FACTOR = 2;

export class RPosition {
  sample = 0;
  /** Height above the baseline, signed, in the ring's unit. */
  amplitude = 0;
  readonly #window = new Float32Array(2 * BASELINE_REACH + 1);
  readonly #sorted = new Float32Array(Math.ceil((2 * BASELINE_REACH + 1) / BASELINE_STRIDE));

  find(raw: RingBuffer, centre: number): this {
    const first = Math.max(raw.start, centre - BASELINE_REACH);
    const count = Math.min(raw.end, centre + BASELINE_REACH + 1) - first;
    const window = this.#window;
    this.sample = centre;
    this.amplitude = 0;
    if (count <= 0 || !raw.read(first, count, window)) return this;
    const baseline = this.#baseline(count);
    const from = Math.max(0, centre - REACH - first);
    const to = Math.min(count - 1, centre + REACH - first);
    let highest = baseline;
    let lowest = baseline;
    let highestAt = centre - first;
    let lowestAt = centre - first;
    for (let k = from; k <= to; k++) {
      const value = window[k]!;
      if (!isReceived(value)) continue;
      if (value > highest) {
        highest = value;
        highestAt = k;
      } else if (value < lowest) {
        lowest = value;
        lowestAt = k;
      }
    }
    const isDownward = baseline - lowest > DOWNWARD_FACTOR * (highest - baseline);
    this.sample = first + (isDownward ? lowestAt : highestAt);
    this.amplitude = (isDownward ? lowest : highest) - baseline;
    return this;
  }

  #baseline(count: number): number {
    const sorted = this.#sorted;
    let held = 0;
    for (let k = 0; k < count; k += BASELINE_STRIDE) {
      const value = this.#window[k]!;
      if (!isReceived(value)) continue;
      let at = held++;
      for (; at > 0 && sorted[at - 1]! > value; at--) sorted[at] = sorted[at - 1]!;
      sorted[at] = value;
    }
    return held === 0 ? 0 : sorted[held >> 1]!;
  }
}
