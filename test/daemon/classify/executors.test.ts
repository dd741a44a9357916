/** Whoever runs a model, its answers are the same to the last bit; what nobody here can run is refused. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openIntegerNetwork } from '@rhythmd/daemon/classify/integer-network.ts';
import { readModelFiles } from '@rhythmd/daemon/classify/model-files.ts';
import { openOnnxNetwork } from '@rhythmd/daemon/classify/onnx-network.ts';
import { openModel } from '@rhythmd/daemon/classify/open-model.ts';
import { Executor } from '@rhythmd/ecg/network/executor.ts';
import { Graph } from '@rhythmd/trainer/graph/graph.ts';
import { encodeModel } from '@rhythmd/trainer/graph/onnx-model.ts';
import { beatModels } from '../../support/beat-models.ts';
import { goldenImages, readGolden } from '../../support/golden-logits.ts';
import { repositoryRoot } from '../../support/needs.ts';

const models = join(repositoryRoot, 'models');
/** Large networks take a hundredth of a second a beat, and two in TypeScript. */
const BEATS = 4;

test('a model in floats is refused by the integer executor, with the layer that it stops at', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-float-'));
  try {
    const graph = new Graph('float');
    const image = graph.reshape(graph.input('image', [-1, 3, 36, 36]), [-1, 3888]);
    const weight = graph.named('weight', new Float32Array(6 * 3888), [6, 3888]);
    graph.output('logits', graph.add('Gemm', [image, weight], [-1, 6], { transB: 1 }));
    const onnx = encodeModel(graph);
    const card = JSON.parse(readFileSync(join(models, 'beatnet/card.json'), 'utf8'));
    card.sha256 = createHash('sha256').update(onnx).digest('hex');
    writeFileSync(join(folder, 'model.onnx'), onnx);
    writeFileSync(join(folder, 'card.json'), JSON.stringify(card));
    const refused = { code: 'E_MODEL_UNSUPPORTED', message: /Gemm "Gemm" reads floats/ };
    await assert.rejects(openModel(folder, 'integer'), refused);
    const classifier = await openModel(folder, 'auto');
    assert.equal(classifier.executor.name, 'onnxruntime');
    await classifier.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

for (const name of beatModels()) {
  test(`models/${name}: both executors answer with the same bits`, async () => {
    const files = await readModelFiles(join(models, name));
    const images = goldenImages(BEATS);
    const runtime = await openOnnxNetwork(files, 'it was asked for');
    const expected = await runtime.run(images, BEATS);
    await runtime.close();
    for (const kernel of ['typescript', 'webassembly', 'webassembly-simd'] as const) {
      const own = openIntegerNetwork(files, 'it was asked for', kernel);
      assert.deepEqual(own.executor, { name: 'integer', kernel, why: 'it was asked for' });
      assert.deepEqual(await own.run(images, BEATS), expected);
    }
    assert.equal(expected.length, BEATS * files.card.labels.length);
  });

  test(`models/${name}: logits are those of the golden file`, async () => {
    const { card, onnx } = await readModelFiles(join(models, name));
    const golden = readGolden().get(card.sha256);
    assert.ok(golden, 'this model has no golden logits yet: npm run golden');
    const executor = new Executor(onnx);
    const logits = new Float32Array(golden.length);
    executor.run(
      goldenImages(golden.length / executor.outputSize),
      golden.length / executor.outputSize,
      logits,
    );
    assert.deepEqual(logits, golden);
  });
}
