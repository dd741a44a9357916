/** From whole numbers to bytes of another scale: rounded once, ties to even, and clipped; gradients inside only. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanOfBytes, rescaled, sumOfBytes } from '@rhythmd/trainer/graph/ops/rescaled.ts';
import { runWithGradient as run } from '../../support/run-with-gradient.ts';

// Bytes 0 to 255 with zero at 100: -50 to 77.5 in steps of a half.
const OUTPUT = { scale: 0.5, zeroPoint: 100, isRectified: false };

test('sums become the numbers of their bytes, each channel by its own unit', async () => {
  const units = Float32Array.of(0.25, 0.5);
  const x = Float32Array.of(1, 3, -3, -1000, 7, -8, 156, 155);
  const { result, gradient, direction } = await run(x, [2, 2, 1, 2], (tape, t) =>
    rescaled(tape, t, units, OUTPUT),
  );
  // 0.5, 1.5 and -1.5 steps are ties.
  assert.deepEqual(
    [...result].map((value) => value + 0),
    [0, 1, -1, -50, 3.5, -4, 77.5, 77.5],
  );
  const inside = [1, 1, 1, 0, 1, 1, 0, 1];
  assert.deepEqual(
    [...gradient],
    Array.from(direction, (value, i) => value * inside[i]! * units[Math.floor(i / 4)]!),
  );
});

test('a rectifier is the lower bound of its bytes, and no gradient passes below it', async () => {
  const range = { scale: 0.5, zeroPoint: 0, isRectified: true };
  const x = Float32Array.of(-1, 0, 1, 254, 256);
  const { result, gradient } = await run(x, [1, 5], (tape, t) =>
    rescaled(tape, t, Float32Array.of(0.5), range),
  );
  assert.deepEqual([...result], [0, 0, 0.5, 127, 127.5]);
  assert.deepEqual([...gradient], [0, 0, 1.5, 2, 0]);
});

test('without a byte to come, sums are the numbers they stand for', async () => {
  const { result, gradient } = await run(Float32Array.of(3, -5), [2, 1], (tape, t) =>
    rescaled(tape, t, Float32Array.of(0.25, 2), null),
  );
  assert.deepEqual([...result], [0.75, -10]);
  assert.deepEqual([...gradient], [0.25, 4]);
});

test('two bytes of different scales are added once rounded', async () => {
  const ranges = [
    { scale: 0.25, zeroPoint: 10 },
    { scale: 0.5, zeroPoint: 0 },
  ] as const;
  const x = Float32Array.of(0.25, 0.75, -2.5, 61);
  const { result, gradient } = await run(x, [1, 4], (tape, t) => {
    const other = tape.graph.constant(Float32Array.of(0.5, 0, 1, 60), [1, 4]);
    return sumOfBytes(tape, [t, other], ranges, OUTPUT);
  });
  // 1.5 steps are two, 121 + 120 are beyond 155.
  assert.deepEqual([...result], [1, 1, -1.5, 77.5]);
  assert.deepEqual([...gradient], [1, 2, 3, 0]);
});

test('a mean is a sum of whole numbers times one factor', async () => {
  const x = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 9);
  const { result, gradient } = await run(x, [2, 2, 2, 1], (tape, t) =>
    meanOfBytes(tape, t, { scale: 1, zeroPoint: 0 }, OUTPUT),
  );
  // 2.5 and 6.75: five steps, and thirteen and a half.
  assert.deepEqual([...result], [2.5, 7]);
  assert.deepEqual([...gradient], [0.25, 0.25, 0.25, 0.25, 0.5, 0.5, 0.5, 0.5]);
});
