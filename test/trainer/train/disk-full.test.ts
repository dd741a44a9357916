/** A disk that fills up while a network trains: one clear error, and everything that was there is still there. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { NO_AUGMENTATION } from '@rhythmd/trainer/data/augment.ts';
import { recipeFor } from '@rhythmd/trainer/presets/catalog.ts';
import { type TrainResult, train } from '@rhythmd/trainer/train/train.ts';
import { everyLayer } from '../../support/every-layer.ts';
import { needsMount } from '../../support/needs.ts';
import { allBeats, smallDataset } from '../../support/small-dataset.ts';
import { SmallDisk } from '../../support/small-disk.ts';

const needs = needsMount();
const root = mkdtempSync(join(tmpdir(), 'rhythmd-disk-full-'));
let disk: SmallDisk | null = null;
before(() => {
  if (needs.skip === undefined) disk = SmallDisk.mount(join(root, 'disk'), 4096);
});
after(() => {
  disk?.unmount();
  rmSync(root, { recursive: true, force: true });
});

const dataset = smallDataset(120);
const recipe = recipeFor('every-layer', 'paper', { batch: 6, epochs: 2, augmentation: NO_AUGMENTATION });

function run(folder: string, stopAfterRuns = Number.POSITIVE_INFINITY): Promise<TrainResult> {
  let runs = 0;
  const beats = allBeats(dataset);
  return train({
    recipe,
    network: everyLayer(),
    dataset,
    split: { protocol: 'paper', train: beats.subarray(0, 96), validation: beats.subarray(96), test: beats },
    folder,
    begin: null,
    constraint: null,
    teacher: null,
    shouldStop: () => ++runs >= stopAfterRuns,
    onProgress: () => {},
    onEpoch: () => {},
  });
}

test(
  'the checkpoint before stays whole, nothing half-written lies beside it, and the run goes on later',
  needs,
  async () => {
    const folder = join(disk!.folder, 'run');
    assert.equal((await run(folder, 1)).isComplete, false);
    const path = join(folder, 'checkpoint.bin');
    const kept = readFileSync(path);
    disk!.fillUpTo(kept.length >> 1);
    await assert.rejects(run(folder), { code: 'E_DISK_FULL', message: /no room for .*checkpoint\.bin/ });
    assert.deepEqual(readFileSync(path), kept);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.tmp')),
      [],
    );
    disk!.free();
    const resumed = await run(folder);
    assert.ok(resumed.isComplete);
    const whole = await run(join(root, 'whole'));
    for (const [name, values] of whole.state) assert.deepEqual(resumed.state.get(name), values, name);
  },
);

test('no room even for the log of an epoch: the same error, and no folder', needs, async () => {
  const folder = join(disk!.folder, 'no-room');
  disk!.fillUpTo(0);
  await assert.rejects(run(folder), { code: 'E_DISK_FULL' });
  assert.equal(existsSync(folder), false, 'no empty folder that looks like a run');
  disk!.free();
});
