import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withShortMantissas } from '@rhythmd/trainer/compress/prune/short-mantissas.ts';
import { foldNetwork } from '@rhythmd/trainer/export/folded.ts';
import { initialWeights } from '@rhythmd/trainer/nets/parameters.ts';
import { everyLayer } from '../../../support/every-layer.ts';

test('weights lose their last bits and nothing else; what they were made from stays', () => {
  const weights = initialWeights(everyLayer(), 1);
  weights.get('conv2.weight')!.set([0, -1, 1.9999999, -1e-30]);
  const folded = foldNetwork(everyLayer(), weights);
  const short = withShortMantissas(folded, 14);
  assert.deepEqual(
    short.layers.map(({ name, inputs }) => [name, inputs.map((input) => short.layers.indexOf(input))]),
    folded.layers.map(({ name, inputs }) => [name, inputs.map((input) => folded.layers.indexOf(input))]),
  );
  for (const [i, { weight, bias }] of short.layers.entries()) {
    const before = folded.layers[i]!;
    assert.equal(bias, before.bias);
    if (weight === null) continue;
    for (const [k, value] of weight.entries()) {
      assert.ok(Math.abs(value - before.weight![k]!) <= 2 ** -15 * Math.abs(before.weight![k]!) + 1e-38);
    }
    assert.ok(new Int32Array(weight.slice().buffer).every((bits) => (bits & 511) === 0));
  }
  const changed = short.layers.find(({ name }) => name === 'conv2')!.weight!;
  assert.deepEqual([...changed.subarray(0, 3)], [0, -1, 2]);
});

test('all 23 bits are the weights as they were', () => {
  const folded = foldNetwork(everyLayer(), initialWeights(everyLayer(), 1));
  const same = withShortMantissas(folded, 23);
  for (const [i, { weight }] of same.layers.entries()) assert.equal(weight, folded.layers[i]!.weight);
});
