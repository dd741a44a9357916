import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grownWeights } from '@rhythmd/trainer/nets/grow.ts';
import { type Network, NetworkBuilder } from '@rhythmd/trainer/nets/network.ts';
import { initialWeights } from '@rhythmd/trainer/nets/parameters.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { Evaluator } from '@rhythmd/trainer/train/evaluator.ts';
import { allBeats, smallDataset } from '../../support/small-dataset.ts';

function residual(blocks: number): Network {
  const b = new NetworkBuilder();
  let x = b.activation(b.batchNorm(b.convolution(b.input([3, 36, 36]), 4, { kernel: 3, stride: 6 })), 'relu');
  for (let i = 0; i < blocks; i++) {
    const y = b.batchNorm(b.convolution(b.activation(b.batchNorm(b.convolution(x, 2)), 'relu'), 4));
    x = b.activation(b.add(y, x), 'relu');
  }
  x = b.activation(b.batchNorm(b.convolution(x, 5, { stride: 2 })), 'relu');
  b.dense(b.globalAverage(x), 6);
  return b.build(`residual-${blocks}`);
}

test('a network that is no deeper version is refused', () => {
  const shallow = residual(1);
  const weights = initialWeights(shallow, 1);
  for (const other of ['densenet201', 'beatnet']) {
    assert.throws(() => grownWeights(shallow, weights, networkNamed(other), 1), { code: 'E_NETWORK_SHAPE' });
  }
  const deep = residual(3);
  assert.throws(() => grownWeights(deep, initialWeights(deep, 1), shallow, 1), { code: 'E_NETWORK_SHAPE' });
});

test('grown, a network answers as the shallower one did', async () => {
  const dataset = smallDataset(64);
  const shallow = residual(2);
  const deep = residual(5);
  const weights = initialWeights(shallow, 1);
  const grown = grownWeights(shallow, weights, deep, 2);
  const logits = async (network: Network, values: typeof weights): Promise<Float32Array> => {
    const evaluator = await Evaluator.open(network, dataset.planes);
    const result = await evaluator.logits(values, dataset, allBeats(dataset));
    await evaluator.close();
    return result;
  };
  assert.deepEqual(await logits(deep, grown), await logits(shallow, weights));
});

test('ResNet101 grows from ResNet50: 17 blocks of its third stage are new', () => {
  const small = networkNamed('resnet50');
  const large = networkNamed('resnet101');
  const grown = grownWeights(small, initialWeights(small, 1), large, 2);
  const zeroed = [...grown].filter(
    ([name, values]) => name.endsWith('.scale') && values.every((v) => v === 0),
  );
  assert.equal(zeroed.length, 17);
});
