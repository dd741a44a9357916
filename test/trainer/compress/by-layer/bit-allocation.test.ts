import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocateBits, type MeasuredChoice } from '@rhythmd/trainer/compress/by-layer/bit-allocation.ts';
import { entropyBytes, type Sensitivity } from '@rhythmd/trainer/compress/by-layer/sensitivity.ts';

function layer(name: string, ...choices: readonly (readonly [number, number])[]): Sensitivity {
  return {
    name,
    size: 100,
    choices: choices.map(
      ([bytes, lossMore], i): MeasuredChoice => ({
        sparsity: i / 10,
        bits: 8,
        clusters: null,
        bytes,
        lossMore,
      }),
    ),
  };
}

const robust = layer('robust', [100, 0], [50, 0.001], [10, 0.01]);
const delicate = layer('delicate', [100, 0], [50, 0.5], [10, 2]);

test('a size that nothing fits is refused with what would fit', () => {
  assert.throws(() => allocateBits([robust, delicate], 19), {
    code: 'E_TARGET_SIZE',
    message: /at least 20/,
  });
});

test('what is robust gives first; with room for everything nothing is coarsened', () => {
  const bytes = (limit: number): number[] =>
    [...allocateBits([robust, delicate], limit).values()].map((c) => c.bytes);
  assert.deepEqual(bytes(200), [100, 100]);
  assert.deepEqual(bytes(150), [50, 100]);
  assert.deepEqual(bytes(110), [10, 100]);
  assert.deepEqual(bytes(60), [10, 50]);
  assert.deepEqual(bytes(20), [10, 10]);
});

test('a loss that falls by chance is no reason to choose', () => {
  const lucky = layer('lucky', [100, 0], [90, -5]);
  assert.equal(allocateBits([lucky], 100).get('lucky')!.bytes, 90);
});

test('entropy: nothing for one symbol, a bit each for two, a byte each for all', () => {
  assert.equal(entropyBytes(new Int8Array(800)), 0);
  assert.equal(entropyBytes(Int8Array.from({ length: 800 }, (_, i) => i % 2)), 100);
  assert.equal(entropyBytes(Int8Array.from({ length: 2560 }, (_, i) => (i % 256) - 128)), 2560);
});
