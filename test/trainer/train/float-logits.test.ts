import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { initialWeights } from '@rhythmd/trainer/nets/parameters.ts';
import { floatLogits } from '@rhythmd/trainer/train/float-logits.ts';
import { everyLayer } from '../../support/every-layer.ts';
import { allBeats, smallDataset } from '../../support/small-dataset.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-logits-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('answers are kept, of these weights, beats and records alone; a file cut short is made again', async () => {
  const network = everyLayer();
  const dataset = smallDataset(20);
  const weights = initialWeights(network, 1);
  const beats = allBeats(dataset);
  const first = await floatLogits(folder, network, weights, dataset, beats);
  assert.equal(first.length, 20 * 6);
  const [file] = readdirSync(folder);
  assert.deepEqual(await floatLogits(folder, network, weights, dataset, beats), first);
  assert.equal(readdirSync(folder).length, 1);
  writeFileSync(join(folder, file!), 'half');
  assert.deepEqual(await floatLogits(folder, network, weights, dataset, beats), first);

  const others = await floatLogits(folder, network, initialWeights(network, 2), dataset, beats);
  assert.notDeepEqual(others, first);
  await floatLogits(folder, network, weights, { ...dataset, records: [] }, beats.subarray(1));
  assert.equal(readdirSync(folder).length, 3);
});
