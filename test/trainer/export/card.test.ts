/** The commands of a card make its model, not that of the first seed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compressionRecipe } from '@rhythmd/trainer/compress/compression-recipe.ts';
import { modelCard } from '@rhythmd/trainer/export/card.ts';
import { recipeFor } from '@rhythmd/trainer/presets/catalog.ts';
import type { Recipe } from '@rhythmd/trainer/train/recipe.ts';
import { madeUpResult } from '../../support/made-up-results.ts';

function commandsOfCard(recipe: Recipe, method: Parameters<typeof madeUpResult>[2]): unknown[] {
  const row = madeUpResult('mobilenetv2', 'paper', method);
  const bytes = new Uint8Array(1);
  const { training } = modelCard({ version: '1.0.0', recipe, bytes, row, other: null });
  const { command, exportCommand } = training as Record<string, unknown>;
  return [command, exportCommand];
}

test('a first seed needs no option', () => {
  assert.deepEqual(commandsOfCard(recipeFor('mobilenetv2', 'paper'), 'none'), [
    'npm run trainer -- train --net mobilenetv2 --protocol paper',
    'npm run trainer -- export --net mobilenetv2 --protocol paper --out models/mobilenetv2',
  ]);
});

test('another seed and what differs from the preset are spelt out', () => {
  const recipe = { ...recipeFor('mobilenetv2', 'paper', { seed: 3 }), epochs: 3 };
  assert.deepEqual(commandsOfCard(recipe, 'post-training-quantized'), [
    'npm run trainer -- train --net mobilenetv2 --protocol paper --seed 3 --epochs 3',
    'npm run trainer -- export --net mobilenetv2 --protocol paper --seed 3 --epochs 3 --int8 --out models/mobilenetv2',
  ]);
});

test('a compressed one has its seed and its bytes', () => {
  const recipe = compressionRecipe(recipeFor('mobilenetv2', 'paper', { seed: 2 }), 'curve', 16000);
  assert.deepEqual(commandsOfCard(recipe, 'curve'), [
    'npm run trainer -- train --net mobilenetv2 --protocol paper --seed 2',
    'npm run trainer -- compress --net mobilenetv2 --protocol paper --seed 2 --method curve --weight-bytes 16000 --out models',
  ]);
});
