import assert from 'node:assert/strict';
import { test } from 'node:test';
import { divergence } from '@rhythmd/trainer/compress/by-layer/cost-of-change.ts';

test('answers that did not move are at no distance, whatever was added to all logits', () => {
  const logits = Float32Array.of(3, -1, 0, 2, 0, 1, 0, 0, 0, 0, 0, 9);
  assert.equal(divergence(logits, logits), 0);
  assert.ok(
    divergence(
      logits,
      logits.map((value) => value + 7),
    ) < 1e-6,
  );
});

test('the mean over beats of p ln(p / q)', () => {
  // One beat moves from even odds of two classes to three to one; one stays.
  const never = -1e4;
  const others = [never, never, never, never];
  const before = Float32Array.of(0, 0, ...others, 5, 1, ...others);
  const after = Float32Array.of(Math.log(3), 0, ...others, 5, 1, ...others);
  const expected = (0.5 * Math.log(0.5 / 0.75) + 0.5 * Math.log(0.5 / 0.25)) / 2;
  assert.ok(Math.abs(divergence(before, after) - expected) < 1e-6);
});
