/** What is in models/ is what its card says, runs in integers, and in the daemon. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { modelIdentity } from '@rhythmd/daemon/classify/model-card.ts';
import { readModelFiles } from '@rhythmd/daemon/classify/model-files.ts';
import { EC57_LABELS, PAPER_LABELS } from '@rhythmd/ecg/types.ts';
import { floatKernels, optimizedOperators } from '@rhythmd/trainer/export/verify.ts';
import { floats, openSession } from '@rhythmd/trainer/graph/runtime.ts';
import { beatModels } from '../support/beat-models.ts';
import { freePort } from '../support/mosquitto.ts';
import { Subscriber } from '../support/mqtt-subscriber.ts';
import { repositoryRoot } from '../support/needs.ts';
import { RunningCommand } from '../support/running-command.ts';

const folder = join(repositoryRoot, 'models');

for (const name of beatModels()) {
  test(`models/${name}: hash, labels, input and arithmetic are those of its card`, async () => {
    const { card, onnx } = await readModelFiles(join(folder, name));
    const known = [PAPER_LABELS, EC57_LABELS].map((labels) => labels.join());
    assert.ok(known.includes(card.labels.join()), card.labels.join());
    const measured = (card.measured['patient-separated'] ??
      (card.measured['new-patients'] as Record<string, unknown>).twoLeads) as { accuracy: unknown };
    assert.equal(typeof measured.accuracy, 'number');
    // A live daemon knows no record's mean and deviation.
    assert.equal(card.input.normalisation, 'running');

    const session = await openSession(onnx, 'all');
    const count = 3;
    const image = floats(new Float32Array(count * 3 * 1296), [count, ...card.input.shape]);
    const { logits } = await session.run({ image });
    assert.deepEqual(logits!.dims, [count, card.labels.length]);
    await session.release();
    assert.deepEqual(floatKernels(await optimizedOperators(onnx)), []);
  });

  test(`models/${name} in the daemon: run --model names beats`, async (t) => {
    const { card } = await readModelFiles(join(folder, name));
    const port = await freePort();
    const environment = {
      RHYTHMD_SOURCE_URL: 'sim:233?speed=4',
      RHYTHMD_MQTT_EMBEDDED_PORT: String(port),
    };
    const command = await RunningCommand.start(t, environment, ['run', '--model', join(folder, name)]);
    await command.said(/Receiving samples/);
    const subscriber = await Subscriber.connect(t, `mqtt://127.0.0.1:${port}`, 'ecg/rhythmd-1/beat');
    await subscriber.until('ecg/rhythmd-1/beat', 3);
    for (const beat of subscriber.json('ecg/rhythmd-1/beat')) {
      assert.equal(beat.model, modelIdentity(card));
      assert.ok(card.labels.includes(beat.label), JSON.stringify(beat));
    }
    await subscriber.close();
    assert.equal(await command.stop(), 130);
  });
}
