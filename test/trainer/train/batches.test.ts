import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_AUGMENTATION } from '@rhythmd/trainer/data/augment.ts';
import { recipeFor } from '@rhythmd/trainer/presets/catalog.ts';
import { Batches } from '@rhythmd/trainer/train/batches.ts';
import type { Recipe } from '@rhythmd/trainer/train/recipe.ts';
import { allBeats, smallDataset } from '../../support/small-dataset.ts';

const BATCH = 10;
const dataset = smallDataset(600);
// Labels go 0 to 5 in turn: 100 normal beats of 600.
const beats = allBeats(dataset);

function batches(changes: Partial<Recipe>): Batches {
  const recipe = { batch: BATCH, epochs: 4, augmentation: NO_AUGMENTATION, ...changes };
  return new Batches(dataset, beats, recipeFor('every-layer', 'paper', recipe));
}

/** Weight and number of an epoch's examples, by class. */
function examplesOf(epoch: number, source: Batches): { readonly count: number[]; readonly weight: number[] } {
  const { targets, steps } = source.inputs(epoch, 0, source.stepsPerEpoch);
  const count = new Array<number>(6).fill(0);
  const weight = new Array<number>(6).fill(0);
  for (let step = 0; step < steps; step++)
    for (let c = 0; c < 6; c++)
      for (let i = 0; i < BATCH; i++) {
        const value = targets[(step * 6 + c) * BATCH + i]!;
        if (value > 0) count[c]! += 1;
        weight[c]! += value;
      }
  return { count, weight };
}

test('without shards every epoch takes every beat once, and each weighs one', () => {
  const { count, weight } = examplesOf(0, batches({}));
  assert.deepEqual(count, [100, 100, 100, 100, 100, 100]);
  assert.deepEqual(weight, count);
});

test('an epoch takes one shard of the normal beats, which weigh as much as all of them', () => {
  const source = batches({ majorityShards: 4 });
  assert.equal(source.stepsPerEpoch, 52);
  const { count, weight } = examplesOf(0, source);
  // 525 examples in steps of 10: five are left to chance.
  assert.ok(count[0]! >= 20 && count[0]! <= 25, String(count));
  assert.ok(Math.abs(weight[0]! / count[0]! / (weight[1]! / count[1]!) - 4) < 1e-5);
  const total = weight.reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(total - 520) < 15, `the average example weighs ${total / 520}`);
});

test('the shards of four epochs are different normal beats', () => {
  const source = batches({ majorityShards: 4 });
  const seen = new Set<string>();
  let examples = 0;
  for (let epoch = 0; epoch < 4; epoch++) {
    const { images, targets, steps } = source.inputs(epoch, 0, source.stepsPerEpoch);
    for (let example = 0; example < steps * BATCH; example++) {
      const step = Math.floor(example / BATCH);
      if (targets[step * 6 * BATCH + (example % BATCH)] === 0) continue;
      examples++;
      seen.add(images.subarray(example * 1296 + 600, example * 1296 + 620).join());
    }
  }
  assert.equal(seen.size, examples);
});
