import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bordersOf, codebookOf, levelOf, onCodebooks } from '@rhythmd/trainer/compress/cluster/codebook.ts';

test('levels lie where the weights do, and zero is one of them', () => {
  const steps = Float32Array.of(-100, -101, -99, 0, 0, 0, 7, 8, 9, 60, 62);
  const codebook = codebookOf(steps, 3);
  assert.deepEqual([...codebook], [-100, 0, 8, 61]);
  assert.deepEqual([...bordersOf(codebook)], [-50, 4, 34.5]);
});

test('all weights zero: zero is the only level', () => {
  const codebook = codebookOf(new Float32Array(5), 4);
  assert.deepEqual([...codebook], [0]);
  assert.equal(levelOf(codebook, bordersOf(codebook), 90), 0);
});

test('a level is a signed byte, however far the weights reach', () => {
  assert.deepEqual([...codebookOf(Float32Array.of(-300, 300), 2)], [-127, 0, 127]);
});

test('on a border the lower level', () => {
  const codebook = Int8Array.of(-10, 0, 5);
  const borders = bordersOf(codebook);
  const levels = [-5.1, -5, -4.9, 2.5, 2.6, 99].map((step) => levelOf(codebook, borders, step));
  assert.deepEqual(levels, [-10, -10, 0, 0, 5, 5]);
});

test('weights become levels of their channel; layers without a codebook stay', () => {
  const other = Float32Array.of(0.123);
  const weights = new Map([
    ['a.weight', Float32Array.of(0.9, -0.1, 40, 3)],
    ['b.weight', other],
  ]);
  const scales = new Map([['a', Float32Array.of(0.1, 10)]]);
  const rounded = onCodebooks(weights, scales, new Map([['a', Int8Array.of(-4, 0, 8)]]));
  assert.deepEqual(rounded.get('a.weight'), Float32Array.of(8 * Math.fround(0.1), 0, 0, 0));
  assert.equal(rounded.get('b.weight'), other);
});
