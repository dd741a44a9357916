/**
 * Logits to probabilities, row by row, in place.
 * @param width values of a row
 */
export function softmaxRows(rows: Float32Array, width: number): Float32Array {
  for (let start = 0; start < rows.length; start += width) {
    let top = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < width; i++) top = Math.max(top, rows[start + i]!);
    let sum = 0;
    for (let i = 0; i < width; i++) {
      rows[start + i] = Math.exp(rows[start + i]! - top);
      sum += rows[start + i]!;
    }
    for (let i = 0; i < width; i++) rows[start + i] = rows[start + i]! / sum;
  }
  return rows;
}
