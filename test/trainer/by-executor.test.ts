/** What the trainer quantizes is answered by the daemon's own executor as by the runtime, and what is not is refused. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { compressedModel } from '@rhythmd/trainer/compress/finish.ts';
import { stageOf } from '@rhythmd/trainer/compress/stages.ts';
import { compareWithExecutor } from '@rhythmd/trainer/export/by-executor.ts';
import { initialWeights } from '@rhythmd/trainer/nets/parameters.ts';
import { allBeats, smallDataset } from '../support/small-dataset.ts';
import { residual } from '../support/small-networks.ts';

const dataset = smallDataset(48);
const beats = allBeats(dataset);
let model: Awaited<ReturnType<typeof compressedModel>>;

before(async () => {
  const network = residual();
  const from = { network, weights: initialWeights(network, 5) };
  const materials = { dataset, train: beats, validation: beats, remember: never };
  const stage = await stageOf({ method: 'quantized', from: 'none' }, from, materials);
  model = await compressedModel(stage, stage.begin, dataset, beats, {});
});

test('every beat has the same logits, to the bit, on x86-64; the same class anywhere', () => {
  if (process.arch === 'x64') assert.equal(model.agreementWithExecutor, 1);
  else assert.ok(model.agreementWithExecutor! > 0.5);
});

test('answers of another class are refused', () => {
  const others = model.logits.map((_, i) => (i % 6 === 5 - (Math.floor(i / 6) % 6) ? 9 : 0));
  assert.throws(
    () => compareWithExecutor(model.bytes, dataset, beats, others),
    /E_QUANTIZED_DISAGREES|otherwise than/,
  );
});

function never(): never {
  throw new TypeError('nothing is measured twice here');
}
