/** Rounding has no gradient of its own: the forward pass is checked by the formula, the gradient by its rule. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeQuantize, fakeQuantizeSigned } from '@rhythmd/trainer/graph/ops/fake-quantize.ts';
import { runWithGradient as run } from '../../support/run-with-gradient.ts';

test('signed numbers: whole steps, clipped at 127 of them, gradients as they come', async () => {
  const x = Float32Array.of(1, -0.4, 0.3, 0, -20, 16, 0.01);
  const { result, gradient, direction } = await run(x, [7], (tape, t) => fakeQuantizeSigned(tape, t, 0.125));
  assert.deepEqual([...result], [1, -0.375, 0.25, 0, -15.875, 15.875, 0]);
  assert.deepEqual(gradient, direction);
});

test('activations: rounded and clipped to a byte; the gradient passes inside only', async () => {
  // Bytes 0 to 255 with zero at 100: -10 to 15.5 in steps of 0.1.
  const x = Float32Array.of(-30, -9.96, -0.04, 0, 0.06, 15.44, 15.6, 400);
  const { result, gradient, direction } = await run(x, [2, 2, 1, 2], (tape, t) =>
    fakeQuantize(tape, t, 0.1, 100),
  );
  const expected = [-10, -10, 0, 0, 0.1, 15.4, 15.5, 15.5];
  for (const [i, value] of expected.entries()) assert.ok(Math.abs(result[i]! - value) < 1e-4, `${i}`);
  const inside = [0, 1, 1, 1, 1, 1, 0, 0];
  assert.deepEqual(
    gradient,
    direction.map((value, i) => value * inside[i]!),
  );
});
