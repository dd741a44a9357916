import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandsOf } from '@rhythmd/trainer/evaluate/commands.ts';
import { recipeFor } from '@rhythmd/trainer/presets/catalog.ts';

test('a network that is grown from a shallower one needs that one first', () => {
  const run = '--net resnet101 --protocol paper --seed 3';
  assert.equal(
    commandsOf(recipeFor('resnet101', 'paper', { seed: 3 }), ['--publish']),
    'npm run trainer -- train --net resnet50 --protocol paper --seed 3 && ' +
      `npm run trainer -- train ${run} && npm run trainer -- export ${run} --publish`,
  );
});

test('a preset needs no options, whatever differs from it is spelt out', () => {
  assert.equal(
    commandsOf(recipeFor('beatnet', 'paper'), ['--int8', '--publish']),
    'npm run trainer -- train --net beatnet --protocol paper && ' +
      'npm run trainer -- export --net beatnet --protocol paper --int8 --publish',
  );
  const changed = recipeFor('resnet50', 'patient-separated', {
    seed: 2,
    epochs: 9,
    batch: 31,
    learningRate: 1e-4,
    fold: 0,
  });
  const options =
    '--net resnet50 --protocol patient-separated --seed 2 --epochs 9 --batch 31 --learning-rate 0.0001 --fold 0';
  assert.equal(
    commandsOf(changed, ['--publish']),
    `npm run trainer -- train ${options} && npm run trainer -- export ${options} --publish`,
  );
});
