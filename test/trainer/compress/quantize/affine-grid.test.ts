import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compressedModel } from '@rhythmd/trainer/compress/finish.ts';
import { stageOf } from '@rhythmd/trainer/compress/stages.ts';
import { operatorsOf } from '@rhythmd/trainer/graph/onnx-model.ts';
import { type Network, NetworkBuilder } from '@rhythmd/trainer/nets/network.ts';
import { initialWeights } from '@rhythmd/trainer/nets/parameters.ts';
import { allBeats, smallDataset } from '../../../support/small-dataset.ts';

const CHANNELS = 200;

/** As in DenseNet: what is normalised was joined before, so nothing can take the normalisation up. */
function dense(): Network {
  const b = new NetworkBuilder();
  const x = b.convolution(b.input([3, 36, 36]), CHANNELS / 2, { kernel: 5, stride: 5 });
  const joined = b.concat(b.activation(x, 'relu'), b.convolution(x, CHANNELS / 2));
  b.dense(b.globalAverage(b.activation(b.batchNorm(joined), 'relu')), 6);
  return b.build('dense');
}

test('batch normalisations that stand alone are bytes, trained and exported alike', async () => {
  const dataset = smallDataset(96);
  const test = allBeats(dataset);
  const network = dense();
  const weights = initialWeights(network, 3);
  for (const [name, values] of weights) {
    if (!name.startsWith('bn')) continue;
    // Means may be anything, variances are positive.
    for (let i = 0; i < values.length; i++) values[i] = 1 + 0.9 * Math.sin(i + name.length);
  }
  const materials = { dataset, train: test, validation: test, remember: never };
  const stage = await stageOf({ method: 'quantized', from: 'none' }, { network, weights }, materials);
  const { bytes, agreementWithFake } = await compressedModel(stage, stage.begin, dataset, test, {});
  assert.ok(agreementWithFake! >= 0.999, String(agreementWithFake));
  const { folded } = stage.finish(stage.begin);
  const { weight, bias } = folded.layers.find(({ layer }) => layer.kind === 'affine')!;
  for (const values of [weight!, bias!]) {
    assert.equal(values.length, CHANNELS);
    assert.ok(new Set(values).size > 10, 'they are not one number');
    const largest = Math.max(...values.map(Math.abs));
    const step = 2 ** Math.ceil(Math.log2(largest / 127));
    assert.ok(values.every((value) => Number.isInteger(value / step)));
  }
  assert.equal(operatorsOf(bytes).get('Mul'), 1);
  assert.ok(bytes.length < CHANNELS * CHANNELS, String(bytes.length));
});

function never(): never {
  throw new TypeError('nothing is measured twice here');
}
