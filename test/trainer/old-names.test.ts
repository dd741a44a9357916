import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { compressionRecipe } from '@rhythmd/trainer/compress/compression-recipe.ts';
import { parseResult } from '@rhythmd/trainer/evaluate/result-check.ts';
import { formerMethod, inTodaysNames, todaysMethod } from '@rhythmd/trainer/old-names.ts';
import { recipeFor } from '@rhythmd/trainer/presets/catalog.ts';
import { readCheckpoint, writeCheckpoint } from '@rhythmd/trainer/train/checkpoint.ts';
import { goesOnFrom } from '@rhythmd/trainer/train/recipe.ts';
import { madeUpResult } from '../support/made-up-results.ts';

test('a recipe in the names of version 0.1 is read in those of today', () => {
  const old = { epochs: 6, normalHands: 3, laterArcs: [{ epochs: 2 }], compression: { method: 'narrowed' } };
  assert.deepEqual(inTodaysNames(old), {
    epochs: 6,
    majorityShards: 3,
    laterCycles: [{ epochs: 2 }],
    compression: { method: 'channel-pruned' },
  });
  assert.equal(todaysMethod('pruned'), 'pruned');
  assert.equal(formerMethod('channel-pruned'), 'narrowed');
});

test('a run goes on from a checkpoint whose recipe has the old names', () => {
  const recipe = recipeFor('resnet50', 'paper');
  const { majorityShards, laterCycles, ...rest } = recipe;
  const path = join(mkdtempSync(join(tmpdir(), 'old-names-')), 'checkpoint.bin');
  const progress = {
    epoch: 6,
    step: 0,
    lossSum: 0,
    correctSum: 0,
    cpuSeconds: 0,
    wallSeconds: 0,
    epochs: [],
  };
  const old = { ...rest, normalHands: majorityShards, laterArcs: laterCycles };
  writeCheckpoint(path, { recipe: old, progress, state: new Map() });
  assert.ok(goesOnFrom(recipe, readCheckpoint(path)!.recipe));
  const pruned = compressionRecipe(recipe, 'channel-pruned');
  const former = { ...pruned, compression: { ...pruned.compression!, method: 'narrowed' } };
  writeCheckpoint(path, { recipe: former, progress, state: new Map() });
  assert.ok(goesOnFrom(pruned, readCheckpoint(path)!.recipe));
});

test('a result file of the old name holds a row of the method of today', () => {
  const row = madeUpResult('mobilenetv2', 'paper', 'channel-pruned');
  const text = JSON.stringify({ ...row, method: 'narrowed' });
  assert.equal(parseResult(text, 'mobilenetv2-paper-narrowed.json').method, 'channel-pruned');
  assert.equal(parseResult(text, 'mobilenetv2-paper-channel-pruned.json').method, 'channel-pruned');
});
