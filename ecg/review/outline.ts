/**
 * The outline of a long stretch: lowest and highest value of each of `columns` pieces, so that an hour fits a
 * screen and no spike is lost between pixels.
 */
export const NO_VALUE = -32768;

/**
 * Writes pairs (lowest, highest) in microvolts into `out`; pieces without a value are left as they are.
 * @param offset where the signal's first sample lies in the stretch, in samples (negative: it began before).
 */
export function outline(
  signal: Float32Array,
  offset: number,
  stretchSamples: number,
  columns: number,
  out: Int16Array,
): void {
  const perColumn = stretchSamples / columns;
  for (let column = 0; column < columns; column++) {
    const from = Math.max(0, Math.floor(column * perColumn - offset));
    const to = Math.min(signal.length, Math.ceil((column + 1) * perColumn - offset));
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = from; i < to; i++) {
      const value = signal[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low > high) continue;
    out[2 * column] = clamp(low * 1000);
    out[2 * column + 1] = clamp(high * 1000);
  }
}

function clamp(microvolts: number): number {
  return Math.max(-32767, Math.min(32767, Math.round(microvolts)));
}
