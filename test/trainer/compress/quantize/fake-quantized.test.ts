/** What training rounds and adds is what the integer kernels will: the same logits, to the last bit of every byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compressedModel } from '@rhythmd/trainer/compress/finish.ts';
import { stageOf } from '@rhythmd/trainer/compress/stages.ts';
import { relativeDifference } from '@rhythmd/trainer/export/float.ts';
import { type Layer, type Network, NetworkBuilder } from '@rhythmd/trainer/nets/network.ts';
import { initialWeights } from '@rhythmd/trainer/nets/parameters.ts';
import { Evaluator } from '@rhythmd/trainer/train/evaluator.ts';
import { allBeats, smallDataset } from '../../../support/small-dataset.ts';

/** Blocks as MobileNetV2 has them, with strides, sums and every bound of a rectifier. */
function residual(): Network {
  const b = new NetworkBuilder();
  let x = b.activation(
    b.batchNorm(b.convolution(b.input([3, 36, 36]), 8, { kernel: 3, stride: 3 })),
    'relu6',
  );
  for (const activation of ['relu6', 'relu'] as const) {
    const wide = b.activation(b.batchNorm(b.convolution(x, 24)), activation);
    const seen = b.activation(b.batchNorm(b.depthwise(wide, { kernel: 3 })), activation);
    x = b.add(x, b.batchNorm(b.convolution(seen, 8)));
  }
  b.dense(b.activation(b.convolution(b.maxPool(x, { kernel: 2, stride: 2 }), 4, { bias: true }), 'relu'), 6);
  return b.build('residual');
}

/** As ResNet: sums of two bytes with zero points of their own, one after the other, some of them near halves. */
function manySums(): Network {
  const b = new NetworkBuilder();
  let x = b.activation(
    b.batchNorm(b.convolution(b.input([3, 36, 36]), 16, { kernel: 3, stride: 2 })),
    'relu',
  );
  for (let block = 0; block < 6; block++) {
    x = b.activation(b.add(b.batchNorm(b.convolution(x, 16)), b.batchNorm(b.convolution(x, 16))), 'relu');
  }
  b.dense(b.globalAverage(x), 6);
  return b.build('many-sums');
}

/** As EfficientNet: swishes, which stay floats between two bytes, and a gate for every channel. */
function gated(): Network {
  const b = new NetworkBuilder();
  const swish = (x: Layer): Layer => b.activation(x, 'swish');
  let x = swish(b.batchNorm(b.convolution(b.input([3, 36, 36]), 16, { kernel: 3, stride: 3 })));
  for (let block = 0; block < 3; block++) {
    const seen = swish(b.batchNorm(b.depthwise(x, { kernel: 3 })));
    const squeezed = swish(b.convolution(b.globalAverage(seen), 4, { bias: true }));
    const gate = b.activation(b.convolution(squeezed, 16, { bias: true }), 'sigmoid');
    x = b.add(x, b.batchNorm(b.convolution(b.scaleChannels(seen, gate), 16)));
  }
  b.dense(b.globalAverage(x), 6);
  return b.build('gated');
}

const SETTINGS = {
  quantized: { method: 'quantized', from: 'none' },
  'in four bits': { method: 'quantized+pruned', from: 'pruned', bits: 4 },
  'with shared levels': { method: 'quantized+pruned+clustered', from: 'quantized+pruned', clusters: 16 },
} as const;

for (const network of [residual(), manySums(), gated()]) {
  for (const [title, settings] of Object.entries(SETTINGS)) {
    test(`${network.name}, ${title}: integers and the graph that is trained give the same logits`, async () => {
      const dataset = smallDataset(96);
      const beats = allBeats(dataset);
      const from = { network, weights: initialWeights(network, 5) };
      const materials = { dataset, train: beats, validation: beats, remember: never };
      const stage = await stageOf(settings, from, materials);
      const { logits, agreementWithFake } = await compressedModel(stage, stage.begin, dataset, beats, {});
      assert.equal(agreementWithFake, 1);
      const evaluator = await Evaluator.open(stage.network, dataset.planes, stage.constraint.arithmetic);
      const trained = await evaluator.logits(stage.begin, dataset, beats);
      await evaluator.close();
      assert.ok(relativeDifference(trained, logits) < 1e-6, String(relativeDifference(trained, logits)));
    });
  }
}

function never(): never {
  throw new TypeError('nothing is measured twice here');
}
