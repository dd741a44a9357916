/** Exported models compute what was trained. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { exportFloat, relativeDifference } from '@rhythmd/trainer/export/float.ts';
import { foldNetwork } from '@rhythmd/trainer/export/folded.ts';
import { inferenceGraph } from '@rhythmd/trainer/export/inference-graph.ts';
import { calibrationPlan, integerModel, logitsOf } from '@rhythmd/trainer/export/quantize.ts';
import { fakeQuantizedRepresentation } from '@rhythmd/trainer/export/quantized-representation.ts';
import { encodeModel } from '@rhythmd/trainer/graph/onnx-model.ts';
import type { Network } from '@rhythmd/trainer/nets/network.ts';
import { countParameters, initialWeights, parametersOf } from '@rhythmd/trainer/nets/parameters.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { Evaluator } from '@rhythmd/trainer/train/evaluator.ts';
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
    const evaluator = await Evaluator.open(network, dataset.planes);
    const expected = await evaluator.logits(weights, dataset, beats);
    await evaluator.close();
    const { largestDifference, bytes } = await exportFloat(folded, expected, dataset, beats, {});
    assert.ok(largestDifference < 1e-4, String(largestDifference));
    assert.ok(bytes.length > 1000);
  });
}

for (const [name, convolutions] of [
  ['beatnet', 6],
  ['resnet50', 53],
  ['densenet201', 200],
  ['mobilenetv2', 52],
  ['efficientnetb0', 81],
] as const) {
  test(`${name} in 8 bits: every convolution is an integer kernel, answers equal the fake-quantized graph`, async () => {
    const network = networkNamed(name);
    const folded = foldNetwork(network, usedWeights(network));
    const beats = allBeats(dataset).subarray(0, 24);
    const plan = await calibrationPlan(folded, dataset, beats);
    const { operators, bytes } = await integerModel(folded, plan);
    const fake = encodeModel(inferenceGraph(folded, fakeQuantizedRepresentation(plan)).graph);
    const expected = await logitsOf(fake, dataset, beats);
    // An untrained network amplifies a rounding that falls the other way; of trained ones `quantize` wants 99.9 % alike.
    const difference = relativeDifference(await logitsOf(bytes, dataset, beats), expected);
    assert.ok(difference < 0.3, String(difference));
    assert.equal(operators.Conv, undefined);
    assert.equal(operators.QLinearConv, convolutions, JSON.stringify(operators));
    assert.ok(bytes.length < 1.35 * countParameters(network) + 60_000, String(bytes.length));
  });
}
