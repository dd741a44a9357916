import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LEAK, type NetworkShape, TinyNetwork, weightCount } from '@rhythmd/ecg/signal/tiny-network.ts';
import fc from 'fast-check';

/** Layer by layer, as one would write it on paper. */
function obvious({ inputs, hidden, hidden2 }: NetworkShape, weights: number[], input: number[]): number {
  const rest = [...weights];
  const layer = (values: number[], rows: number): number[] => {
    const matrix = Array.from({ length: rows }, () => rest.splice(0, values.length));
    const biases = rest.splice(0, rows);
    return matrix.map((row, r) => row.reduce((sum, weight, i) => sum + weight * values[i]!, biases[r]!));
  };
  const rectify = (values: number[]): number[] => values.map((value) => (value > 0 ? value : LEAK * value));
  assert.equal(rest.length, hidden * inputs + hidden + hidden2 * hidden + hidden2 + hidden2 + 1);
  return layer(rectify(layer(rectify(layer(input, hidden)), hidden2)), 1)[0]!;
}

test('a wrong number of weights is refused', () => {
  const shape = { inputs: 3, hidden: 4, hidden2: 4 };
  for (const length of [0, weightCount(shape) - 1, weightCount(shape) + 1]) {
    assert.throws(() => new TinyNetwork(shape, new Float32Array(length)), { code: 'E_WEIGHTS_LENGTH' });
  }
});

test('property: scores as the obvious network does', () => {
  const shapes = fc.record({
    inputs: fc.integer({ min: 1, max: 9 }),
    hidden: fc.constantFrom(4, 8, 12),
    hidden2: fc.constantFrom(4, 8),
  });
  fc.assert(
    fc.property(shapes, fc.infiniteStream(fc.float({ min: -2, max: 2, noNaN: true })), (shape, numbers) => {
      const take = (count: number): number[] => Array.from({ length: count }, () => numbers.next().value!);
      const weights = take(weightCount(shape));
      const input = take(shape.inputs);
      const score = new TinyNetwork(shape, Float32Array.from(weights)).score(Float32Array.from(input));
      const expected = obvious(shape, weights, input);
      assert.ok(
        Math.abs(score - expected) < 1e-6 * Math.max(1, Math.abs(expected)),
        `${score} for ${expected}`,
      );
    }),
  );
});
