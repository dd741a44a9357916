import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chainsOf, parametersOfChain } from '@rhythmd/trainer/compress/channel-pruning/chains.ts';
import { importanceOf } from '@rhythmd/trainer/compress/channel-pruning/importance.ts';
import { pruneChannels } from '@rhythmd/trainer/compress/channel-pruning/prune-channels.ts';
import type { Trained } from '@rhythmd/trainer/compress/stage.ts';
import { relativeDifference } from '@rhythmd/trainer/export/float.ts';
import { type Network, NetworkBuilder } from '@rhythmd/trainer/nets/network.ts';
import { countParameters, initialWeights } from '@rhythmd/trainer/nets/parameters.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { Evaluator } from '@rhythmd/trainer/train/evaluator.ts';
import { everyLayer } from '../../../support/every-layer.ts';
import { allBeats, smallDataset } from '../../../support/small-dataset.ts';

/** Two chains that share a layer, the second through everything that treats channels by themselves. */
function twoChains(): Network {
  const b = new NetworkBuilder();
  let x = b.activation(
    b.batchNorm(b.convolution(b.input([3, 36, 36]), 6, { kernel: 3, stride: 2 })),
    'relu6',
  );
  x = b.activation(b.batchNorm(b.convolution(x, 10, { kernel: 3, stride: 2 })), 'swish');
  x = b.batchNorm(b.depthwise(b.maxPool(x, { kernel: 3, stride: 2 }), { kernel: 3, stride: 1 }));
  b.dense(b.dropout(b.globalAverage(b.activation(x, 'relu')), 0.2), 6);
  return b.build('two-chains');
}

const names = (network: Network): string[] =>
  chainsOf(network).map(({ first, last }) => `${first.name} ${last.name}`);

test('chains are what one layer makes and one other sees', () => {
  assert.deepEqual(names(twoChains()), ['conv1 conv2', 'conv2 dense1']);
  // What is added, gated or joined is seen by more than one.
  assert.deepEqual(names(everyLayer()), ['conv2 conv3']);
  // 17 blocks, three ends of stages that nothing is added to, the last convolution.
  const mobile = chainsOf(networkNamed('mobilenetv2'));
  assert.ok(mobile.length >= 18, String(mobile.length));
  assert.deepEqual(
    mobile.slice(-1).map(({ first, last }) => [first.shape[0], last.name]),
    [[1280, 'dense1']],
  );
});

test('parameters of a chain are those that go with its channels', () => {
  const network = twoChains();
  const chain = chainsOf(network)[0]!;
  const kept = new Map([['conv1', [0, 1, 2, 3, 4]]]);
  const weights = initialWeights(network, 1);
  const fewer = pruneChannels(network, weights, kept).network;
  assert.equal(countParameters(network) - countParameters(fewer), parametersOfChain(chain) / 6);
});

test('channels that nobody sees can be left out: the answers stay', async () => {
  const network = twoChains();
  const weights = initialWeights(network, 3);
  for (const [name, values] of weights) {
    if (/scale|shift|mean|variance/.test(name)) {
      for (let i = 0; i < values.length; i++) values[i] = 0.5 + ((i * 7) % 5) / 10;
    }
  }
  const kept = new Map([
    ['conv1', [0, 2, 3, 5]],
    ['conv2', [1, 4, 7, 8, 9]],
  ]);
  const unseen = (name: string, channels: readonly number[], depth: number, area: number): void => {
    const values = weights.get(name)!;
    for (let i = 0; i < values.length; i++) {
      if (!channels.includes(Math.floor(i / area) % depth)) values[i] = 0;
    }
  };
  unseen('conv2.weight', kept.get('conv1')!, 6, 9);
  unseen('dense1.weight', kept.get('conv2')!, 10, 1);
  const smaller = pruneChannels(network, weights, kept);
  assert.deepEqual(
    smaller.network.layers.filter(({ kind }) => kind === 'convolution').map(({ shape }) => shape[0]),
    [4, 5],
  );
  const logits = async (of: Trained): Promise<Float32Array> => {
    const dataset = smallDataset(64);
    const evaluator = await Evaluator.open(of.network, dataset.planes);
    const answers = await evaluator.logits(of.weights, dataset, allBeats(dataset));
    await evaluator.close();
    return answers;
  };
  assert.ok(relativeDifference(await logits(smaller), await logits({ network, weights })) < 1e-5);

  for (const chain of chainsOf(network)) {
    const importance = importanceOf(chain, weights);
    const zero = [...importance.keys()].filter((channel) => importance[channel] === 0);
    const left = [...importance.keys()].filter((channel) => !kept.get(chain.first.name)!.includes(channel));
    assert.deepEqual(zero, left);
  }
});
