import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Readability } from '@rhythmd/ecg/rhythm/readability.ts';

test('a stretch that ended, one that lasts, and a gap are unreadable; between them it is readable', () => {
  const readability = new Readability();
  readability.change(100, false);
  readability.change(200, true);
  readability.gap(300, 310);
  assert.equal(readability.between(0, 99), true);
  assert.equal(readability.between(50, 150), false);
  assert.equal(readability.between(150, 160), false);
  assert.equal(readability.between(200, 299), true);
  assert.equal(readability.between(250, 320), false);
  assert.equal(readability.between(310, 1000), true);
  assert.equal(readability.readableSince(), 310);
  readability.change(400, false);
  assert.equal(readability.between(320, 500), false);
  assert.equal(readability.readableSince(), null);
});

test('repeated and late changes are harmless', () => {
  const readability = new Readability();
  readability.change(100, false);
  readability.change(120, false);
  readability.change(90, true);
  assert.equal(readability.readable, true);
  assert.equal(readability.between(90, 99), true);
});

test('what was forgotten counts as unreadable', () => {
  const readability = new Readability();
  for (let stretch = 0; stretch < 1000; stretch += 1) readability.gap(stretch * 10, stretch * 10 + 1);
  assert.equal(readability.between(0, 0), false);
  assert.equal(readability.between(9991, 9999), true);
});
