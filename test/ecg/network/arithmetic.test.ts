import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteOf, fusedMultiplyAdd, logistic, roundToEven } from '@rhythmd/ecg/network/arithmetic.ts';

test('what is no number is the lowest byte, what is infinite the last on its side', () => {
  const levels = { scale: 0.5, zeroPoint: 100 };
  assert.equal(byteOf(Number.NaN, levels), 0);
  assert.equal(byteOf(Number.POSITIVE_INFINITY, levels), 255);
  assert.equal(byteOf(Number.NEGATIVE_INFINITY, levels), 0);
  assert.equal(byteOf(0, levels), 100);
});

test('halves are rounded to the even number, before the zero point is added', () => {
  assert.deepEqual(
    [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 2.4, -2.6].map((x) => roundToEven(x) + 0),
    [0, 2, 2, 0, -2, -2, 2, -3],
  );
  assert.equal(byteOf(0.25, { scale: 0.5, zeroPoint: 101 }), 101);
  assert.equal(byteOf(0.75, { scale: 0.5, zeroPoint: 101 }), 103);
});

test('a multiply-add is rounded once, also where two roundings would meet a tie', () => {
  // 1 + 2^-24 lies half-way between two floats; what is added beyond decides, and is lost in a double.
  assert.equal(fusedMultiplyAdd(1, 1, 2 ** -24), 1);
  const above = Math.fround(1 + 2 ** -23);
  assert.equal(fusedMultiplyAdd(above, 2 ** -24, 1), above);
  const tiny = Math.fround(2 ** -40 + 2 ** -24);
  assert.equal(fusedMultiplyAdd(1, tiny, 1), above);
  const [a, b, c] = [1 + 2 ** -12, 1 + 2 ** -12, 2 ** -60].map(Math.fround) as [number, number, number];
  assert.equal(fusedMultiplyAdd(a, b, c), Math.fround(1 + 2 ** -11 + 2 ** -23));
  assert.equal(fusedMultiplyAdd(a, b, -c), 1 + 2 ** -11);
});

test('the logistic function is within bounds, and a half at zero', () => {
  assert.equal(logistic(0), 0.5);
  for (let x = -40; x <= 40; x += 0.37) {
    const value = logistic(Math.fround(x));
    assert.ok(value >= 0 && value <= 1);
    assert.ok(Math.abs(value - 1 / (1 + Math.exp(-x))) < 2e-7, `${x}`);
  }
});
