/** The two medians in use. Both sort in place, so that nothing is allocated for a beat. */

/**
 * The lower median of the first `count` values: one of them, never a mean of two. By insertion: the lists are short.
 * @param count at least 1
 */
export function lowerMedianOf(values: Float64Array | Float32Array, count: number): number {
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

/**
 * The median of the first `count` values: of an even number the mean of the two in the middle.
 * @param count at least 1
 */
export function medianOf(values: Float64Array, count = values.length): number {
  const used = values.subarray(0, count).sort();
  const middle = count >> 1;
  return count % 2 === 1 ? used[middle]! : (used[middle - 1]! + used[middle]!) / 2;
}
