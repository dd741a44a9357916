/** Models exported in 8 bits compute what was trained, in integers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relativeDifference } from '@rhythmd/trainer/export/float.ts';
import { foldNetwork } from '@rhythmd/trainer/export/folded.ts';
import { inferenceGraph } from '@rhythmd/trainer/export/inference-graph.ts';
import { calibrationPlan, integerModel, logitsOf } from '@rhythmd/trainer/export/quantize.ts';
import { fakeQuantizedRepresentation } from '@rhythmd/trainer/export/quantized-representation.ts';
import { encodeModel } from '@rhythmd/trainer/graph/onnx-model.ts';
import { countParameters } from '@rhythmd/trainer/nets/parameters.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { allBeats, smallDataset } from '../../support/small-dataset.ts';
import { usedWeights } from '../../support/used-weights.ts';

const dataset = smallDataset(64);

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
