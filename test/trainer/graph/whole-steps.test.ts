/** Whole numbers forwards; backwards the gradient by the number that was given. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  wholeBias,
  wholePlaces,
  wholeSharedWeight,
  wholeSteps,
  wholeWeight,
} from '@rhythmd/trainer/graph/ops/whole-steps.ts';
import { runWithGradient as run } from '../../support/run-with-gradient.ts';

function near(actual: Float32Array, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    assert.ok(
      Math.abs(actual[i]! - value) <= 1e-6 * Math.max(1, Math.abs(value)),
      `${i}: ${actual[i]}, ${value}`,
    );
  }
}

test('multiples of a scale come out whole whatever floats lost', async () => {
  const scale = 0.1;
  const steps = Array.from({ length: 511 }, (_, i) => i - 255);
  const x = Float32Array.from(steps, (step) => step * Math.fround(scale));
  const { result, gradient, direction } = await run(x, [511], (tape, t) => wholeSteps(tape, t, scale));
  assert.deepEqual(
    [...result].map((value) => value + 0),
    steps,
  );
  near(
    gradient,
    [...direction].map((value) => value / scale),
  );
});

test('weights: each output channel has its own scale, and what lies beyond the last level is clipped', async () => {
  const x = Float32Array.of(1, -0.4, 0.3, 0, 0, 0, -20, 6.1, 0.01);
  const scales = Float32Array.of(1 / 127, 1, 0.125);
  const { result, gradient, direction } = await run(x, [3, 3, 1, 1], (tape, t) =>
    wholeWeight(tape, t, scales),
  );
  near(result, [127, -51, 38, 0, 0, 0, -127, 49, 0]);
  near(
    gradient,
    Array.from(direction, (value, i) => value / scales[Math.floor(i / 3)]!),
  );
});

test('weights of fewer bits stop at fewer levels', async () => {
  const { result } = await run(Float32Array.of(-20, 3.4, 20), [1, 3], (tape, t) =>
    wholeWeight(tape, t, Float32Array.of(1), 7),
  );
  assert.deepEqual([...result], [-7, 3, 7]);
});

test('biases: whole multiples of their unit', async () => {
  const units = Float32Array.of(0.1, 0.5, 1, 2);
  const { result, gradient, direction } = await run(Float32Array.of(0.26, -0.26, 3.9, 0), [4], (tape, t) =>
    wholeBias(tape, t, units),
  );
  near(result, [3, -1, 4, 0]);
  near(
    gradient,
    Array.from(direction, (value, i) => value / units[i]!),
  );
});

test('places on a fixed grid: whole levels; the gradient is by the place', async () => {
  const x = Float32Array.of(1, -0.5, 0.004, 0.003, -1.1, 0);
  const { result, gradient, direction } = await run(x, [2, 3], (tape, t) => wholePlaces(tape, t));
  near(result, [127, -64, 1, 0, -127, 0]);
  near(
    gradient,
    Array.from(direction, (value) => 127 * value),
  );
});

test('shared levels: the nearest of a few, on a border the lower; the gradient is by the weight', async () => {
  const x = Float32Array.of(-8, -0.51, -0.5, 0.1, 30, 31, 1e6, 0);
  const scales = Float32Array.of(0.1, 10);
  const levels = Int8Array.of(-10, 0, 6);
  const borders = Float32Array.of(-5, 3);
  const { result, gradient, direction } = await run(x, [2, 4], (tape, t) =>
    wholeSharedWeight(tape, t, scales, levels, borders),
  );
  assert.deepEqual([...result], [-10, -10, -10, 0, 0, 6, 6, 0]);
  near(
    gradient,
    Array.from(direction, (value, i) => value / scales[Math.floor(i / 4)]!),
  );
});

test('one level is all there is', async () => {
  const { result } = await run(Float32Array.of(-3, 5), [1, 2], (tape, t) =>
    wholeSharedWeight(tape, t, Float32Array.of(1), Int8Array.of(0), new Float32Array()),
  );
  assert.deepEqual([...result], [0, 0]);
});
