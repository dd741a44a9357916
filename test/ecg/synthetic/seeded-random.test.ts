import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';

test('uniform is even in [0, 1), gaussian has mean 0 and deviation 1', () => {
  const random = new SeededRandom(1);
  const uniform = Array.from({ length: 20_000 }, () => random.uniform());
  assert.ok(uniform.every((value) => value >= 0 && value < 1));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(Math.abs(mean(uniform) - 0.5) < 0.01);
  const gaussian = Array.from({ length: 20_000 }, () => random.gaussian());
  assert.ok(Math.abs(mean(gaussian)) < 0.03);
  assert.ok(Math.abs(mean(gaussian.map((value) => value * value)) - 1) < 0.05);
});

test('the same numbers for the same seed', () => {
  const [one, two] = [new SeededRandom(42), new SeededRandom(42)];
  for (let i = 0; i < 10; i++) assert.equal(one.uniform(), two.uniform());
});
