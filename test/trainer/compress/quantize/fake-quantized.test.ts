/** What training rounds and adds is what the integer kernels will: the same logits, to the last bit of every byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compressedModel } from '@rhythmd/trainer/compress/finish.ts';
import { stageOf } from '@rhythmd/trainer/compress/stages.ts';
import { relativeDifference } from '@rhythmd/trainer/export/float.ts';
import { initialWeights } from '@rhythmd/trainer/nets/parameters.ts';
import { Evaluator } from '@rhythmd/trainer/train/evaluator.ts';
import { allBeats, smallDataset } from '../../../support/small-dataset.ts';
import { gated, manySums, residual } from '../../../support/small-networks.ts';

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
