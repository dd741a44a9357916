import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { NO_AUGMENTATION } from '@rhythmd/trainer/data/augment.ts';
import type { Split } from '@rhythmd/trainer/data/splits.ts';
import { recipeFor } from '@rhythmd/trainer/presets/catalog.ts';
import type { Recipe } from '@rhythmd/trainer/train/recipe.ts';
import { type TrainResult, train } from '@rhythmd/trainer/train/train.ts';
import { everyLayer } from '../../support/every-layer.ts';
import { allBeats, smallDataset } from '../../support/small-dataset.ts';

const root = mkdtempSync(join(tmpdir(), 'rhythmd-train-'));
after(() => rmSync(root, { recursive: true, force: true }));

const dataset = smallDataset(600);
const split: Split = {
  protocol: 'paper',
  train: allBeats(dataset).subarray(0, 480),
  validation: allBeats(dataset).subarray(480),
  test: new Uint32Array(),
};
const recipe: Recipe = recipeFor('every-layer', 'paper', {
  batch: 6,
  epochs: 2,
  warmupSteps: 5,
  learningRate: 5e-3,
  augmentation: { ...NO_AUGMENTATION, shiftSamples: 3, noise: 0.1 },
});

function run(
  folder: string,
  stopAfterRuns = Number.POSITIVE_INFINITY,
  changed = recipe,
): Promise<TrainResult> {
  let runs = 0;
  return train({
    recipe: changed,
    network: everyLayer(),
    dataset,
    split,
    folder: join(root, folder),
    begin: null,
    constraint: null,
    teacher: null,
    shouldStop: () => ++runs >= stopAfterRuns,
    onProgress: () => {},
    onEpoch: () => {},
  });
}

function assertSameBits(actual: TrainResult, expected: TrainResult): void {
  assert.deepEqual([...actual.state.keys()], [...expected.state.keys()]);
  for (const [name, values] of expected.state) assert.deepEqual(actual.state.get(name), values, name);
}

test('learns, and the same seed gives the same bits; another seed gives others', async () => {
  const first = await run('first');
  assert.ok(first.isComplete);
  assert.ok(first.progress.epochs.at(-1)!.accuracy > 0.7, JSON.stringify(first.progress.epochs));
  assert.ok(first.progress.epochs.at(-1)!.validation!.accuracy > 0.9);
  assertSameBits(await run('second'), first);
  const other = await run('other', undefined, { ...recipe, seed: 2 });
  assert.notDeepEqual(other.state.get('conv1.weight'), first.state.get('conv1.weight'));
});

test('an epoch may ask some of the validation beats alone', async () => {
  const some = await run('some-validated', undefined, { ...recipe, mostValidated: 25 });
  for (const { validation } of some.progress.epochs) {
    // One in five of the 120.
    assert.equal((validation!.accuracy * 24) % 1, 0);
  }
  assertSameBits(some, await run('all-validated'));
});

test('stopped at any run and resumed ends in the same bits as left alone', async () => {
  const whole = await run('whole');
  for (const stopAfterRuns of [1, 2, 3]) {
    const folder = `stopped${stopAfterRuns}`;
    assert.equal((await run(folder, stopAfterRuns)).isComplete, false);
    // What a kill in the middle of a later write leaves behind.
    writeFileSync(join(root, folder, 'checkpoint.bin.1.tmp'), 'half a check');
    const resumed = await run(folder);
    assert.ok(resumed.isComplete);
    assertSameBits(resumed, whole);
    assert.equal(resumed.progress.epochs.length, 2);
  }
});

test('a finished run is not trained again; its log has a line an epoch', async () => {
  const finished = await run('first');
  assert.ok(finished.isComplete);
  const lines = readFileSync(join(root, 'first/log.jsonl'), 'utf8').trim().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).epoch),
    [0, 1],
  );
  assert.deepEqual(readdirSync(join(root, 'first')).sort(), ['checkpoint.bin', 'log.jsonl']);
});

test('a broken checkpoint is refused and left as it is', async () => {
  await run('broken', 1);
  const path = join(root, 'broken/checkpoint.bin');
  const good = readFileSync(path);
  const flipped = Buffer.from(good);
  flipped[good.length >> 1]! ^= 1;
  for (const bad of [
    flipped,
    good.subarray(0, good.length - 1),
    Buffer.from('no checkpoint'),
    Buffer.alloc(0),
  ]) {
    writeFileSync(path, bad);
    await assert.rejects(run('broken'), { code: 'E_CHECKPOINT_BROKEN' });
    assert.deepEqual(readFileSync(path), Buffer.from(bad));
  }
});

test('a checkpoint of other settings is refused', async () => {
  await run('settings', 1);
  await assert.rejects(run('settings', 1, { ...recipe, learningRate: 1e-3 }), {
    code: 'E_CHECKPOINT_RECIPE',
  });
});

test('a finished run prolonged by later cycles ends in the same bits as one that had them from the start', async () => {
  const second = { ...recipe, epochs: 3, laterCycles: [{ epochs: 1, learningRate: 1e-3 }] };
  const third = {
    ...second,
    epochs: 4,
    laterCycles: [...second.laterCycles, { epochs: 1, learningRate: 2e-3 }],
  };
  await run('prolonged');
  await run('prolonged', undefined, second);
  const resumed = await run('prolonged', undefined, third);
  assert.equal(resumed.progress.epochs.length, 4);
  assertSameBits(resumed, await run('at once', undefined, third));
  await assert.rejects(run('prolonged', undefined, second), { code: 'E_CHECKPOINT_RECIPE' });
});

test('a diverging run stops with an error', async () => {
  await assert.rejects(run('diverged', undefined, { ...recipe, learningRate: 1e38, warmupSteps: 0 }), {
    code: 'E_TRAINING_DIVERGED',
  });
});
