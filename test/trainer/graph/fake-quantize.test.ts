/** Rounding has no gradient of its own: the forward pass is checked by the formula, the gradient by its rule. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Graph, type Tensor } from '../../../trainer/graph/graph.ts';
import {
  fakeQuantize,
  fakeQuantizeBias,
  fakeQuantizePlaces,
  fakeQuantizeWeight,
} from '../../../trainer/graph/ops/fake-quantize.ts';
import { runOnce } from '../../../trainer/graph/runtime.ts';
import { Tape } from '../../../trainer/graph/tape.ts';

interface Run {
  readonly result: Float32Array;
  readonly gradient: Float32Array;
  readonly direction: Float32Array;
}

async function run(x: Float32Array, shape: number[], build: (tape: Tape, x: Tensor) => Tensor): Promise<Run> {
  const graph = new Graph('test');
  const tape = new Tape(graph, true);
  const input = graph.input('x', shape);
  tape.want(input);
  const y = build(tape, input);
  const direction = x.map((_, i) => i + 1);
  const [gradient] = tape.gradients(y, graph.constant(direction, y.shape), [input]);
  graph.output('result', y);
  graph.output('gradient', gradient!);
  const { result, gradient: by } = await runOnce(graph, { x });
  return { result: result!, gradient: by!, direction };
}

test('weights: each output channel has its own scale, and what lies beyond the last level is clipped', async () => {
  const x = Float32Array.of(1, -0.4, 0.3, 0, 0, 0, -20, 6.1, 0.01);
  const scales = Float32Array.of(1 / 127, 1, 0.125);
  const { result, gradient, direction } = await run(x, [3, 3, 1, 1], (tape, t) =>
    fakeQuantizeWeight(tape, t, scales),
  );
  const expected = Array.from(x, (value, i) => {
    const scale = scales[Math.floor(i / 3)]!;
    return Math.max(-127, Math.round(value / scale)) * scale;
  });
  for (const [i, value] of expected.entries()) assert.ok(Math.abs(result[i]! - value) < 1e-5, `${i}`);
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

test('biases: whole multiples of their unit, gradients as they come', async () => {
  const x = Float32Array.of(0.26, -0.26, 3.9, 0);
  const units = Float32Array.of(0.1, 0.5, 1, 2);
  const { result, gradient, direction } = await run(x, [4], (tape, t) => fakeQuantizeBias(tape, t, units));
  for (const [i, value] of [0.3, -0.5, 4, 0].entries()) assert.ok(Math.abs(result[i]! - value) < 1e-6);
  assert.deepEqual(gradient, direction);
});

test('places on a fixed grid: whole levels times the scale; the gradient is by the place', async () => {
  const x = Float32Array.of(1, -0.5, 0.004, 0.003, -1, 0);
  const scales = Float32Array.of(0.01, 2);
  const { result, gradient, direction } = await run(x, [2, 3], (tape, t) =>
    fakeQuantizePlaces(tape, t, scales),
  );
  const levels = [127, -64, 1, 0, -127, 0];
  for (const [i, level] of levels.entries()) {
    const scale = scales[Math.floor(i / 3)]!;
    assert.ok(Math.abs(result[i]! - level * scale) < 1e-3, `${i}: ${result[i]}`);
    assert.ok(Math.abs(gradient[i]! - direction[i]! * 127 * scale) < 1e-3, `${i}`);
  }
});
