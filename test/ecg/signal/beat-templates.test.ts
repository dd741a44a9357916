import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BeatTemplates } from '@rhythmd/ecg/signal/beat-templates.ts';
import { BAND_CAPACITY } from '@rhythmd/ecg/signal/qrs/bands.ts';

const CENTRE = 100;

function ringWith(shape: (k: number) => number, height = 1): Float32Array {
  return new Float32Array(BAND_CAPACITY).map((_, n) => height * shape(n - CENTRE));
}

const narrow = (k: number): number => Math.exp(-((k / 2) ** 2)) - 0.5 * Math.exp(-(((k - 3) / 2) ** 2));
const wide = (k: number): number => -Math.exp(-(((k - 2) / 5) ** 2)) + 0.8 * Math.exp(-(((k + 5) / 3) ** 2));

test('nothing is known before the first beat', () => {
  const templates = new BeatTemplates();
  templates.match(ringWith(narrow), CENTRE);
  assert.equal(templates.correlation, null);
});

test('a beat correlates fully with itself, at any height, a little early or late', () => {
  const templates = new BeatTemplates();
  templates.learn(ringWith(narrow), CENTRE);
  for (const height of [0.1, 1, 7]) {
    for (const shift of [-2, -1, 0, 1, 2]) {
      templates.match(ringWith(narrow, height), CENTRE + shift);
      assert.ok(templates.correlation! > 0.999, `${templates.correlation} at ${shift}`);
      assert.ok(Math.abs(templates.size - height) < 0.01 * height);
      assert.ok(templates.residual < 0.05 * height);
    }
  }
});

test('two shapes are kept apart, and the one used more is the main one', () => {
  const templates = new BeatTemplates();
  for (let i = 0; i < 6; i++) templates.learn(ringWith(narrow), CENTRE);
  for (let i = 0; i < 2; i++) templates.learn(ringWith(wide), CENTRE);
  templates.match(ringWith(wide), CENTRE);
  assert.ok(templates.correlation! > 0.99);
  assert.ok(templates.mainCorrelation < 0.8);
  templates.match(ringWith(narrow), CENTRE);
  assert.ok(templates.correlation! > 0.99);
  assert.equal(templates.mainCorrelation, templates.correlation);
});

test('silence is learned as nothing and matched without harm', () => {
  const templates = new BeatTemplates();
  templates.learn(new Float32Array(BAND_CAPACITY), CENTRE);
  templates.match(new Float32Array(BAND_CAPACITY), CENTRE);
  assert.equal(templates.correlation, null);
  templates.learn(ringWith(narrow), CENTRE + 1);
  templates.match(new Float32Array(BAND_CAPACITY), CENTRE);
  assert.equal(templates.correlation, 0);
});
