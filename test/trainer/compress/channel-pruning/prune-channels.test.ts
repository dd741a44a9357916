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

/** A chain that is gated, as EfficientNetB0's blocks are. */
function gatedChain(): Network {
  const b = new NetworkBuilder();
  let x = b.activation(
    b.batchNorm(b.convolution(b.input([3, 36, 36]), 10, { kernel: 3, stride: 2 })),
    'swish',
  );
  x = b.activation(b.batchNorm(b.depthwise(x, { kernel: 3, stride: 2 })), 'swish');
  const narrow = b.activation(b.convolution(b.globalAverage(x), 4, { bias: true }), 'swish');
  x = b.scaleChannels(x, b.activation(b.convolution(narrow, 10, { bias: true }), 'sigmoid'));
  x = b.batchNorm(b.convolution(x, 8));
  b.dense(b.globalAverage(b.add(x, b.activation(x, 'relu'))), 6);
  return b.build('gated-chain');
}

const names = (network: Network): string[] =>
  chainsOf(network).map(({ first, last }) => `${first.name} ${last.name}`);

test('chains are what one layer makes and one other sees', () => {
  assert.deepEqual(names(twoChains()), ['conv1 conv2', 'conv2 dense1']);
  // What is added, gated or joined is seen by more than one.
  assert.deepEqual(names(everyLayer()), ['conv2 conv3']);
  // A gate comes and goes with the channels that it is for; what it squeezes them to is a chain of its own.
  assert.deepEqual(names(gatedChain()), ['conv1 conv4', 'conv2 conv3']);
  // Each of the 16 blocks is one.
  const efficient = chainsOf(networkNamed('efficientnetb0'));
  assert.equal(efficient.filter(({ gates }) => gates.length === 1).length, 16);
  // 17 blocks, three ends of stages that nothing is added to, the last convolution.
  const mobile = chainsOf(networkNamed('mobilenetv2'));
  assert.ok(mobile.length >= 18, String(mobile.length));
  assert.deepEqual(
    mobile.slice(-1).map(({ first, last }) => [first.shape[0], last.name]),
    [[1280, 'dense1']],
  );
});

test('parameters of a chain are those that go with its channels', () => {
  for (const network of [twoChains(), gatedChain()]) {
    const chain = chainsOf(network)[0]!;
    const channels = chain.first.shape[0];
    const kept = new Map([['conv1', [...Array(channels - 1).keys()]]]);
    const fewer = pruneChannels(network, initialWeights(network, 1), kept).network;
    assert.equal(countParameters(network) - countParameters(fewer), parametersOfChain(chain) / channels);
  }
});

test('channels that nobody sees can be left out: the answers stay', async () => {
  const network = twoChains();
  const kept = new Map([
    ['conv1', [0, 2, 3, 5]],
    ['conv2', [1, 4, 7, 8, 9]],
  ]);
  const weights = unlikeEachOther(network);
  hideAllBut(kept.get('conv1')!, weights.get('conv2.weight')!, 6, 9);
  hideAllBut(kept.get('conv2')!, weights.get('dense1.weight')!, 10, 1);
  await answersStay({ network, weights }, kept);
});

test('of a gated chain too, which the squeezing layer does not see either', async () => {
  const network = gatedChain();
  const kept = new Map([['conv1', [0, 2, 3, 8]]]);
  const weights = unlikeEachOther(network);
  for (const name of ['conv2', 'conv4'])
    hideAllBut(kept.get('conv1')!, weights.get(`${name}.weight`)!, 10, 1);
  await answersStay({ network, weights }, kept);
});

function unlikeEachOther(network: Network): Map<string, Float32Array> {
  const weights = new Map(initialWeights(network, 3));
  for (const [name, values] of weights) {
    if (/scale|shift|mean|variance|bias/.test(name)) {
      for (let i = 0; i < values.length; i++) values[i] = 0.5 + ((i * 7) % 5) / 10;
    }
  }
  return weights;
}

function hideAllBut(channels: readonly number[], values: Float32Array, depth: number, area: number): void {
  for (let i = 0; i < values.length; i++) {
    if (!channels.includes(Math.floor(i / area) % depth)) values[i] = 0;
  }
}

async function answersStay(whole: Trained, kept: ReadonlyMap<string, readonly number[]>): Promise<void> {
  const smaller = pruneChannels(whole.network, whole.weights, kept);
  for (const { name, shape } of smaller.network.layers) {
    if (kept.has(name)) assert.equal(shape[0], kept.get(name)!.length);
  }
  assert.ok(relativeDifference(await logitsOf(smaller), await logitsOf(whole)) < 1e-5);
  for (const chain of chainsOf(whole.network)) {
    const left = kept.get(chain.first.name);
    if (left === undefined) continue;
    const importance = importanceOf(chain, whole.weights);
    const unimportant = [...importance.keys()].filter((channel) => importance[channel] === 0);
    assert.deepEqual(
      unimportant,
      [...importance.keys()].filter((channel) => !left.includes(channel)),
    );
  }
}

async function logitsOf({ network, weights }: Trained): Promise<Float32Array> {
  const dataset = smallDataset(64);
  const evaluator = await Evaluator.open(network, dataset.planes);
  const answers = await evaluator.logits(weights, dataset, allBeats(dataset));
  await evaluator.close();
  return answers;
}
