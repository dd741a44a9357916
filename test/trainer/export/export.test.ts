/** Exported models compute what was trained. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { exportFloat } from '../../../trainer/export/float.ts';
import { foldNetwork } from '../../../trainer/export/folded.ts';
import { quantize } from '../../../trainer/export/quantize.ts';
import { networkNamed } from '../../../trainer/nets/catalog.ts';
import type { Network } from '../../../trainer/nets/network.ts';
import { initialWeights, parametersOf } from '../../../trainer/nets/parameters.ts';
import { everyLayer } from '../../support/every-layer.ts';
import { allBeats, smallDataset } from '../../support/small-dataset.ts';

const dataset = smallDataset(64);

/** As after training: statistics and biases that are neither 0 nor 1. */
function usedWeights(network: Network): Map<string, Float32Array> {
  const weights = initialWeights(network, 7);
  const random = new SeededRandom(8);
  for (const { name, role } of parametersOf(network)) {
    if (role === 'weight') continue;
    const isFactor = role === 'scale' || role === 'variance';
    weights.set(
      name,
      weights.get(name)!.map(() => (isFactor ? 0.7 + 0.6 * random.uniform() : 0.2 * random.gaussian())),
    );
  }
  return weights;
}

for (const network of [
  everyLayer(),
  ...['resnet50', 'resnet101', 'densenet201', 'mobilenetv2', 'efficientnetb0'].map(networkNamed),
]) {
  test(`${network.name}: the exported model equals the training graph within 1e-4`, async () => {
    const weights = usedWeights(network);
    const beats = allBeats(dataset).subarray(0, 16);
    const folded = foldNetwork(network, weights);
    const { largestDifference, bytes } = await exportFloat(network, folded, weights, dataset, beats, {});
    assert.ok(largestDifference < 1e-4, String(largestDifference));
    assert.ok(bytes.length > 1000);
  });
}

test('8 bits: nothing heavy is left in floats, and answers equal the fake-quantized graph', async () => {
  const network = networkNamed('beatnet');
  const folded = foldNetwork(network, usedWeights(network));
  const beats = allBeats(dataset);
  const { agreement, operators, bytes } = await quantize(folded, dataset, beats, beats);
  assert.ok(agreement >= 0.999, String(agreement));
  assert.equal(operators.Conv, undefined);
  assert.ok(operators.QLinearConv! >= 6, JSON.stringify(operators));
  assert.ok(bytes.length < 100_000);
});
