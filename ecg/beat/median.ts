/** The lower median of the first `count` values, which it sorts in place (insertion: the lists are short). */
export function medianOf(values: Float64Array | Float32Array, count: number): number {
  for (let i = 1; i < count; i++) {
    const value = values[i]!;
    let j = i - 1;
    while (j >= 0 && values[j]! > value) {
      values[j + 1] = values[j]!;
      j--;
    }
    values[j + 1] = value;
  }
  return values[(count - 1) >> 1]!;
}
