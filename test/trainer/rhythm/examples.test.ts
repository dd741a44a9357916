import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RHYTHM_WINDOW_SAMPLES } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { RhythmExamples } from '@rhythmd/trainer/rhythm/examples.ts';
import { smallNoise, smallRecords } from '../../support/small-rhythms.ts';

function draws(seed: number, count: number) {
  const examples = new RhythmExamples(smallRecords(), smallNoise(), new SeededRandom(7));
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => examples.draw(random));
}

test('every window is finite and whole, every target a distribution', () => {
  for (const { window, target } of draws(1, 400)) {
    assert.equal(window.length, RHYTHM_WINDOW_SAMPLES);
    assert.ok(window.every((value) => Number.isFinite(value) && Math.abs(value) < 200));
    const sum = target.reduce((total, share) => total + share, 0);
    assert.ok(Math.abs(sum - 1) < 1e-5 && target.every((share) => share >= 0));
  }
});

test('the same seed draws the same, another something else', () => {
  assert.deepEqual(draws(3, 20), draws(3, 20));
  assert.notDeepEqual(draws(3, 20), draws(4, 20));
});

test('every rhythm is drawn, and none drowns the others', () => {
  const counts = [0, 0, 0, 0, 0];
  for (const { target } of draws(2, 500)) {
    for (const [c, share] of target.entries()) counts[c]! += share;
  }
  for (const count of counts) assert.ok(count > 25 && count < 300, String(counts));
});

test('a record is never changed by what is drawn from it', () => {
  const records = smallRecords();
  const examples = new RhythmExamples(records, smallNoise(), new SeededRandom(7));
  const random = new SeededRandom(1);
  for (let i = 0; i < 100; i++) examples.draw(random);
  assert.deepEqual(records, smallRecords());
});
