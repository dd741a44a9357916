/** What nobody reads is zero in the file, and no answer changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zeroSmallest } from '@rhythmd/trainer/compress/prune/magnitude.ts';
import { prunableWeights } from '@rhythmd/trainer/compress/stage.ts';
import { archive } from '@rhythmd/trainer/export/archive.ts';
import { compareWithExecutor } from '@rhythmd/trainer/export/by-executor.ts';
import { foldNetwork } from '@rhythmd/trainer/export/folded.ts';
import { quantizeWeight } from '@rhythmd/trainer/export/quantization.ts';
import { calibrationPlan, integerModel, logitsOf } from '@rhythmd/trainer/export/quantize.ts';
import { type Values, withoutUnread } from '@rhythmd/trainer/export/unread.ts';
import { type Layer, type Network, NetworkBuilder } from '@rhythmd/trainer/nets/network.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { everyLayer } from '../../support/every-layer.ts';
import { allBeats, smallDataset } from '../../support/small-dataset.ts';
import { usedWeights } from '../../support/used-weights.ts';

const dataset = smallDataset(16);
const levels: Values = ({ weight, layer }) => quantizeWeight(weight!, layer.shape[0]).values;

for (const network of [everyLayer(), dense(), networkNamed('efficientnetb0'), networkNamed('beatnet2')]) {
  test(`${network.name}, nearly all weights zero: the packed file answers to the bit as the plain one`, async () => {
    const weights = usedWeights(network);
    for (const weight of prunableWeights(network)) {
      const values = weights.get(weight)!;
      zeroSmallest(values, Math.ceil(0.02 * values.length));
    }
    const folded = foldNetwork(network, weights);
    const beats = allBeats(dataset);
    const plan = await calibrationPlan(folded, dataset, beats);
    const plain = await integerModel(folded, plan);
    const unread = withoutUnread(folded, levels);
    const packed = await integerModel(unread, plan, {}, new Map(), 'packed');
    const answers = await logitsOf(plain.bytes, dataset, beats);
    assert.deepEqual(await logitsOf(packed.bytes, dataset, beats), answers);
    assert.equal(compareWithExecutor(packed.bytes, dataset, beats, answers), 1);
    assert.deepEqual(packed.operators, plain.operators);
    const [before, after] = [plain, packed].map(({ bytes }) => archive({ 'model.onnx': bytes }).length);
    assert.ok(after! < before!, `${after} of ${before}`);
    const zeros = (layers: typeof folded.layers): number =>
      layers.reduce((sum, { bias }) => sum + (bias?.filter((value) => value === 0).length ?? 0), 0);
    if (network.name === 'dense') assert.ok(zeros(unread.layers) > zeros(folded.layers) + 100);
  });
}

/** DenseNet's way: every layer normalises anew what all layers before it made. */
function dense(): Network {
  const b = new NetworkBuilder();
  const relu = (x: Layer): Layer => b.activation(b.batchNorm(x), 'relu');
  let x = b.convolution(b.input([3, 36, 36]), 24, { kernel: 7, stride: 4 });
  for (let layer = 0; layer < 6; layer++)
    x = b.concat(x, b.convolution(relu(b.convolution(relu(x), 16)), 8, { kernel: 3 }));
  b.dense(b.globalAverage(relu(x)), 6);
  return b.build('dense');
}
