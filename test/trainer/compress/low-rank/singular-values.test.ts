import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { rankFor } from '@rhythmd/trainer/compress/low-rank/factored.ts';
import { singularValues } from '@rhythmd/trainer/compress/low-rank/singular-values.ts';

function random(rows: number, columns: number, seed: number): Float32Array {
  const source = new SeededRandom(seed);
  return Float32Array.from({ length: rows * columns }, () => source.gaussian());
}

function product(
  a: Float32Array,
  b: Float32Array,
  rows: number,
  inner: number,
  columns: number,
): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a[row * inner + k]! * b[k * columns + column]!;
    return sum;
  });
}

for (const [rows, columns] of [
  [7, 7],
  [20, 6],
  [5, 30],
  [1, 4],
] as const) {
  test(`${rows} x ${columns}: the factors give the matrix back, and their columns are orthonormal`, () => {
    const matrix = random(rows, columns, rows + columns);
    const { values, left, right } = singularValues(matrix, rows, columns);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (const [r, value] of values.entries()) sum += value * left[r]![i]! * right[r]![j]!;
        assert.ok(Math.abs(sum - matrix[i * columns + j]!) < 1e-5);
      }
    for (const vectors of [left, right])
      for (const [p, a] of vectors.entries())
        for (const [q, b] of vectors.entries()) {
          const inner = a.reduce((sum, value, i) => sum + value * b[i]!, 0);
          assert.ok(Math.abs(inner - (p === q ? 1 : 0)) < 1e-6, `${p} ${q}: ${inner}`);
        }
    assert.deepEqual(
      [...values],
      [...values].sort((a, b) => b - a),
    );
  });
}

test('a product of thin factors has as many singular values as they are thin; zeros have none', () => {
  const { values } = singularValues(product(random(12, 3, 1), random(3, 9, 2), 12, 3, 9), 12, 9);
  assert.ok(values[2]! > 0.1);
  assert.ok(values[3]! < 1e-5);
  assert.equal(rankFor(values, 0.999), 3);
  assert.deepEqual([...singularValues(new Float32Array(6), 3, 2).values], [0, 0]);
});
