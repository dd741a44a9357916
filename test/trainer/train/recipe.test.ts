import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goesOnFrom, learningRateAt, type Recipe, recipeFor } from '@rhythmd/trainer/train/recipe.ts';

const STEPS = 100;

function ratesOf(recipe: Recipe): number[] {
  const total = recipe.epochs * STEPS;
  return Array.from({ length: total }, (_, step) => learningRateAt(recipe, step, total));
}

test('every arc rises from its warm-up to its rate and falls to nothing', () => {
  const laterArcs = [
    { epochs: 1, learningRate: 5e-4 },
    { epochs: 2, learningRate: 1e-3 },
  ];
  const recipe = recipeFor('resnet50', 'paper', {
    epochs: 5,
    learningRate: 2e-3,
    warmupSteps: 10,
    laterArcs,
  });
  const rates = ratesOf(recipe);
  for (const [from, to, highest] of [
    [0, 200, 2e-3],
    [200, 300, 5e-4],
    [300, 500, 1e-3],
  ] as const) {
    const arc = rates.slice(from, to);
    assert.equal(Math.max(...arc), highest);
    assert.equal(arc[9], highest);
    assert.ok(Math.abs(arc[0]! - highest / 10) < 1e-12);
    assert.ok(arc.at(-1)! < highest / 1000);
  }
});

test('a run goes on from one that lacks its last arcs, and from no other', () => {
  const recipe = recipeFor('resnet101', 'paper');
  const arcs = recipe.laterArcs!;
  const { laterArcs: _, ...first } = recipe;
  assert.ok(goesOnFrom(recipe, recipe));
  assert.ok(goesOnFrom(recipe, { ...recipe, epochs: recipe.epochs - 1, laterArcs: arcs.slice(0, -1) }));
  const epochs = arcs.reduce((left, arc) => left - arc.epochs, recipe.epochs);
  assert.ok(goesOnFrom(recipe, { ...first, epochs }));
  assert.ok(!goesOnFrom(recipe, { ...first, epochs: epochs + 1 }));
  assert.ok(!goesOnFrom({ ...first, epochs }, recipe));
});

test("epochs of one's own are one arc", () => {
  for (const network of ['mobilenetv2', 'resnet101']) {
    const recipe = recipeFor(network, 'paper', { epochs: 1 });
    assert.equal(recipe.laterArcs, undefined);
    const rates = ratesOf({ ...recipe, warmupSteps: 10 });
    assert.equal(rates[9], recipe.learningRate);
    assert.ok(rates.every((rate) => rate > 0));
  }
  assert.equal(recipeFor('mobilenetv2', 'paper', { seed: 2 }).laterArcs!.length, 1);
});
