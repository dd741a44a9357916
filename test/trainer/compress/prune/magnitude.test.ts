import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptByLayer, sparsityOf, zeroSmallest } from '@rhythmd/trainer/compress/prune/magnitude.ts';

test('keeps the largest, of equal ones the first, and nothing when nothing is to be kept', () => {
  const values = Float32Array.of(0.5, -3, 0.5, 0, 2, -0.5);
  zeroSmallest(values, 3);
  assert.deepEqual([...values], [0.5, -3, 0, 0, 2, 0]);
  zeroSmallest(values, 5);
  assert.deepEqual([...values], [0.5, -3, 0, 0, 2, 0]);
  zeroSmallest(values, 0);
  assert.deepEqual([...values], [0, 0, 0, 0, 0, 0]);
});

test('a layer that is empty or all zeros is no trouble', () => {
  const kept = keptByLayer(
    new Map([
      ['empty', new Float32Array()],
      ['zeros', new Float32Array(10)],
      ['full', Float32Array.from({ length: 10 }, (_, i) => i + 1)],
    ]),
    0.75,
  );
  assert.deepEqual([...kept.values()], [0, 0, 5]);
});

test('one threshold for all layers: as many stay as were asked for, and no layer is emptied', () => {
  // The second layer's weights are a thousand times smaller: by plain magnitude it would vanish.
  const layer = (size: number, scale: number): Float32Array =>
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898 + 1) * scale);
  const weights = new Map([
    ['large', layer(10_000, 1)],
    ['small', layer(1_000, 1e-3)],
  ]);
  for (const sparsity of [0, 0.5, 0.9, 0.99]) {
    const kept = keptByLayer(weights, sparsity);
    const total = [...kept.values()].reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(total - 11_000 * (1 - sparsity)) <= 1, `${sparsity}: ${total}`);
    assert.ok(kept.get('small')! >= 1);
    assert.ok(kept.get('small')! / 1_000 >= kept.get('large')! / 10_000);
  }
});

test('the score is what the layer would lose: scaling a layer changes nothing', () => {
  const values = Float32Array.from({ length: 500 }, (_, i) => Math.cos(i));
  const other = Float32Array.from({ length: 300 }, (_, i) => Math.sin(3 * i));
  const keptOf = (scale: number): number =>
    keptByLayer(
      new Map([
        ['a', values.map((value) => value * scale)],
        ['b', other],
      ]),
      0.8,
    ).get('a')!;
  assert.equal(keptOf(1024), keptOf(1));
});

test('sparsity counts zeros of all layers', () => {
  assert.equal(sparsityOf(new Map()), 0);
  const weights = new Map([
    ['a', Float32Array.of(0, 1, 0)],
    ['b', Float32Array.of(2)],
  ]);
  assert.equal(sparsityOf(weights), 0.5);
});
