/** Exported models compute what was trained. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportFloat } from '@rhythmd/trainer/export/float.ts';
import { foldNetwork } from '@rhythmd/trainer/export/folded.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { Evaluator } from '@rhythmd/trainer/train/evaluator.ts';
import { everyLayer } from '../../support/every-layer.ts';
import { allBeats, smallDataset } from '../../support/small-dataset.ts';
import { usedWeights } from '../../support/used-weights.ts';

const dataset = smallDataset(64);

for (const network of [
  everyLayer(),
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
