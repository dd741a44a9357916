import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recipeFor } from '@rhythmd/trainer/presets/catalog.ts';
import { goesOnFrom, learningRateAt, type Recipe } from '@rhythmd/trainer/train/recipe.ts';

const STEPS = 100;

function ratesOf(recipe: Recipe): number[] {
  const total = recipe.epochs * STEPS;
  return Array.from({ length: total }, (_, step) => learningRateAt(recipe, step, total));
}

test('every cycle rises from its warm-up to its rate and falls to nothing', () => {
  const laterCycles = [
    { epochs: 1, learningRate: 5e-4 },
    { epochs: 2, learningRate: 1e-3 },
  ];
  const recipe = recipeFor('resnet50', 'paper', {
    epochs: 5,
    learningRate: 2e-3,
    warmupSteps: 10,
    laterCycles,
  });
  const rates = ratesOf(recipe);
  for (const [from, to, highest] of [
    [0, 200, 2e-3],
    [200, 300, 5e-4],
    [300, 500, 1e-3],
  ] as const) {
    const cycle = rates.slice(from, to);
    assert.equal(Math.max(...cycle), highest);
    assert.equal(cycle[9], highest);
    assert.ok(Math.abs(cycle[0]! - highest / 10) < 1e-12);
    assert.ok(cycle.at(-1)! < highest / 1000);
  }
});

test('a run goes on from one that lacks its last cycles, and from no other', () => {
  const recipe = recipeFor('resnet101', 'paper');
  const cycles = recipe.laterCycles!;
  const { laterCycles: _, ...first } = recipe;
  assert.ok(goesOnFrom(recipe, recipe));
  assert.ok(goesOnFrom(recipe, { ...recipe, epochs: recipe.epochs - 1, laterCycles: cycles.slice(0, -1) }));
  const epochs = cycles.reduce((left, cycle) => left - cycle.epochs, recipe.epochs);
  assert.ok(goesOnFrom(recipe, { ...first, epochs }));
  assert.ok(!goesOnFrom(recipe, { ...first, epochs: epochs + 1 }));
  assert.ok(!goesOnFrom({ ...first, epochs }, recipe));
});

test("epochs of one's own are one cycle", () => {
  for (const network of ['mobilenetv2', 'resnet101']) {
    const recipe = recipeFor(network, 'paper', { epochs: 1 });
    assert.equal(recipe.laterCycles, undefined);
    const rates = ratesOf({ ...recipe, warmupSteps: 10 });
    assert.equal(rates[9], recipe.learningRate);
    assert.ok(rates.every((rate) => rate > 0));
  }
  assert.equal(recipeFor('mobilenetv2', 'paper', { seed: 2 }).laterCycles!.length, 1);
});
