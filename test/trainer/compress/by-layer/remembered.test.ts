/** What was measured of a layer is not measured again: a run of hours that is killed goes on where it was. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { measureSensitivity, type Sensitivity } from '@rhythmd/trainer/compress/by-layer/sensitivity.ts';
import { rememberIn } from '@rhythmd/trainer/compress/remember.ts';
import { initialWeights } from '@rhythmd/trainer/nets/parameters.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { allBeats, smallDataset } from '../../../support/small-dataset.ts';

test('layers that were measured before a kill are found again, and the others measured', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-remembered-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const network = networkNamed('mobilenetv2');
  const trained = { network, weights: initialWeights(network, 1) };
  const dataset = smallDataset(4);
  const names = ['conv1.weight', 'conv2.weight', 'conv3.weight'];
  const asked: string[] = [];
  const until = (last: number) => (layer: string, make: () => Promise<Sensitivity>) => {
    if (asked.length === last) throw new Error('killed');
    return rememberIn(folder)(`divergences/${layer}`, () => {
      asked.push(layer);
      return make();
    });
  };
  const measure = (last: number) =>
    measureSensitivity(trained, names, dataset, allBeats(dataset), until(last));
  await assert.rejects(measure(2), /killed/);
  const resumed = await measure(Number.POSITIVE_INFINITY);
  assert.deepEqual(asked, names);
  assert.deepEqual(
    resumed.map(({ name }) => name),
    names,
  );
  assert.deepEqual(await measureSensitivity(trained, names, dataset, allBeats(dataset)), resumed);
});
