import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_SEEDS, goldenInput } from '@rhythmd/ecg/synthetic/golden-inputs.ts';

test('an input of no values is one', () => {
  assert.equal(goldenInput(1, 0).length, 0);
});

test('a seed gives the same values for ever: cards hold the answers to them', () => {
  assert.deepEqual([...goldenInput(2, 6)], [0, -0.046875, -0.09375, -0.140625, -0.1875, -0.234375]);
});

test('whole steps within four deviations, of every size the beginning of the longer one', () => {
  for (const seed of GOLDEN_SEEDS) {
    const values = goldenInput(seed, 3888);
    assert.ok(values.every((value) => Number.isInteger(64 * value) && Math.abs(value) <= 4));
    assert.ok(new Set(values).size > 200);
    assert.deepEqual(goldenInput(seed, 1296), values.subarray(0, 1296));
  }
});
