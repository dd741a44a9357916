/** Exported models compute what was trained. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportFloat, relativeDifference } from '@rhythmd/trainer/export/float.ts';
import { foldNetwork } from '@rhythmd/trainer/export/folded.ts';
import { type Network, NetworkBuilder } from '@rhythmd/trainer/nets/network.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { Evaluator } from '@rhythmd/trainer/train/evaluator.ts';
import { everyLayer } from '../../support/every-layer.ts';
import { allBeats, smallDataset } from '../../support/small-dataset.ts';
import { usedWeights } from '../../support/used-weights.ts';

const dataset = smallDataset(64);

for (const network of [
  everyLayer(),
  readBesideDropout(),
  ...['resnet50', 'resnet101', 'densenet201', 'mobilenetv2', 'efficientnetb0'].map(networkNamed),
]) {
  test(`${network.name}: the exported model equals the training graph within 1e-4`, async () => {
    const weights = usedWeights(network);
    const beats = allBeats(dataset).subarray(0, 16);
    const folded = foldNetwork(network, weights);
    const evaluator = await Evaluator.open(network, dataset.planes);
    const expected = await evaluator.logits(weights, dataset, beats);
    await evaluator.close();
    const { largestDifference, bytes } = await exportFloat(folded, expected, dataset, beats, {});
    assert.ok(largestDifference < 1e-4, String(largestDifference));
    assert.ok(bytes.length > 1000);
  });
}

test('an answer that is no number is not close to any', () => {
  assert.ok(Number.isNaN(relativeDifference(Float32Array.of(Number.NaN, 1), Float32Array.of(0, 1))));
  assert.equal(relativeDifference(Float32Array.of(3, 1), Float32Array.of(4, 1)), 0.25);
});

/** A convolution whose output goes through a dropout and, past it, to another layer: the activation behind is not its own. */
function readBesideDropout(): Network {
  const b = new NetworkBuilder();
  const x = b.convolution(b.take(b.input([3, 36, 36]), 1, 0, 1), 4, { kernel: 3, stride: 2, bias: true });
  const y = b.add(x, b.activation(b.dropout(x, 0.2), 'relu'));
  b.dense(b.globalAverage(y), 6);
  return b.build('read-beside-dropout');
}
