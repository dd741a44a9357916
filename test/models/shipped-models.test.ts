/** What is in models/ is what its card says, and runs in integers. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BEAT_LABELS } from '@rhythmd/ecg/types.ts';
import { floatKernels, optimizedOperators } from '../../trainer/export/verify.ts';
import { floats, openSession } from '../../trainer/graph/runtime.ts';
import { repositoryRoot } from '../support/needs.ts';

const folder = join(repositoryRoot, 'models');

for (const name of readdirSync(folder)) {
  test(`models/${name}: hash, labels, input and arithmetic are those of its card`, async () => {
    const card = JSON.parse(readFileSync(join(folder, name, 'card.json'), 'utf8'));
    const model = readFileSync(join(folder, name, 'model.onnx'));
    assert.equal(createHash('sha256').update(model).digest('hex'), card.sha256);
    assert.deepEqual(card.labels, BEAT_LABELS);
    assert.equal(model.length, card.size.fileBytes);
    assert.equal(typeof card.measured['patient-separated'].accuracy, 'number');

    const session = await openSession(model, 'all');
    const count = 3;
    const image = floats(new Float32Array(count * 3 * 1296), [count, ...card.input.shape]);
    const { logits } = await session.run({ image });
    assert.deepEqual(logits!.dims, [count, 6]);
    await session.release();

    if (card.arithmetic !== '8-bit integers') return;
    assert.deepEqual(floatKernels(await optimizedOperators(model)), []);
  });
}
