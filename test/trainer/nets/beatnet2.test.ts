import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { foldNetwork } from '@rhythmd/trainer/export/folded.ts';
import { inferenceGraph } from '@rhythmd/trainer/export/inference-graph.ts';
import { encodeModel } from '@rhythmd/trainer/graph/onnx-model.ts';
import { floats, openSession } from '@rhythmd/trainer/graph/runtime.ts';
import { initialWeights, type Weights } from '@rhythmd/trainer/nets/parameters.ts';
import { networkNamed, recipeFor } from '@rhythmd/trainer/presets/catalog.ts';
import { withOffsets } from '@rhythmd/trainer/train/offsets.ts';

const network = networkNamed('beatnet2');
const random = new SeededRandom(1);
const image = Float32Array.from({ length: 3 * 36 * 36 }, () => random.gaussian());
/** Where the plane of the context has a 1, and a zero. */
image[2 * 1296 + 16 * 36 + 8] = 1;
image[2 * 1296 + 35 * 36] = 0;

async function logitsOf(weights: Weights): Promise<number[]> {
  const session = await openSession(inferenceGraph(foldNetwork(network, weights)).graph);
  const { logits } = await session.run({ image: floats(image, [1, 3, 36, 36]) });
  await session.release();
  return [...(logits!.data as Float32Array)];
}

/** The weights with so much added to the logit of supraventricular beats. */
function withS(weights: Weights, added: number): Weights {
  const bias = `${network.output.inputs[1]!.name}.bias`;
  return new Map([...weights, [bias, weights.get(bias)!.map((value) => value + added)]]);
}

test('however early a beat is, the shape says whether it is ventricular', async () => {
  const weights = initialWeights(network, 1);
  const [n, s, ...wide] = await logitsOf(withS(weights, 100));
  const [n2, s2, ...wide2] = await logitsOf(withS(weights, 110));
  assert.ok(Math.abs(s2! - s! - 10) < 1e-3);
  assert.equal(n2, n);
  for (const [i, logit] of wide.entries()) assert.ok(Math.abs(wide2[i]! - logit - 10) < 1e-3);
  // And of beats that are not early it says the same against normal ones.
  const [, , ...late] = await logitsOf(withS(weights, -100));
  const [, , ...later] = await logitsOf(withS(weights, -110));
  assert.deepEqual(later, late);
  for (const [i, logit] of late.entries()) assert.ok(Math.abs(wide[i]! - s! - logit) < 1e-3);
});

test("a recipe's offsets move the logits of their classes, and no others", async () => {
  const state = withS(initialWeights(network, 1), -100);
  const recipe = recipeFor('beatnet2', 'new-patients');
  const before = await logitsOf(state);
  const after = await logitsOf(withOffsets({ recipe, state }));
  const { offsets } = recipe;
  for (const [i, label] of (['N', 'S', 'V', 'F', 'Q'] as const).entries())
    assert.ok(Math.abs(after[i]! - before[i]! - (offsets?.[label] ?? 0)) < 1e-4, label);
});

test('a model with short names answers as the same with long ones, from a smaller file', async () => {
  const { graph } = inferenceGraph(foldNetwork(network, initialWeights(network, 1)));
  const long = encodeModel(graph);
  const short = encodeModel(graph, {}, 'numbered');
  assert.ok(short.length < long.length);
  const answers = [];
  for (const model of [long, short]) {
    const session = await openSession(model);
    const { logits } = await session.run({ image: floats(image, [1, 3, 36, 36]) });
    answers.push(logits!.data);
    await session.release();
  }
  assert.deepEqual(answers[1], answers[0]);
});
