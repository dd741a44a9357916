import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relativeDifference } from '../../../trainer/export/float.ts';
import { foldNetwork } from '../../../trainer/export/folded.ts';
import { inferenceGraph } from '../../../trainer/export/inference-graph.ts';
import { calibrationPlan, integerModel, logitsOf } from '../../../trainer/export/quantize.ts';
import { simulatedIntegers } from '../../../trainer/export/simulated-integers.ts';
import { encodeModel } from '../../../trainer/graph/onnx-model.ts';
import { type Network, NetworkBuilder } from '../../../trainer/nets/network.ts';
import { initialWeights } from '../../../trainer/nets/parameters.ts';
import { allBeats, smallDataset } from '../../support/small-dataset.ts';

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

for (const network of [residual(), manySums()]) {
  test(`integers of ${network.name} and their simulation in floats: the same logits, to the last bit of a byte`, async () => {
    const dataset = smallDataset(96);
    const beats = allBeats(dataset);
    const folded = foldNetwork(network, initialWeights(network, 5));
    const plan = await calibrationPlan(folded, dataset, beats);
    const { bytes } = await integerModel(folded, plan);
    const simulation = encodeModel(inferenceGraph(folded, simulatedIntegers(plan, new Map())).graph);
    const integers = await logitsOf(bytes, dataset, beats);
    const simulated = await logitsOf(simulation, dataset, beats, 'disabled');
    assert.ok(
      relativeDifference(simulated, integers) < 1e-6,
      String(relativeDifference(simulated, integers)),
    );
  });
}
