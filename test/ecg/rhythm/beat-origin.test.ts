import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BeatOrigin } from '@rhythmd/ecg/rhythm/beat-origin.ts';

test('other is ectopic among normal beats, and the own beat in bundle branch block', () => {
  const origin = new BeatOrigin();
  for (let beat = 0; beat < 10; beat += 1) assert.equal(origin.isEctopic('N'), false);
  assert.equal(origin.isEctopic('other'), true);
  assert.equal(origin.isEctopic('V'), true);
  assert.equal(origin.isEctopic(null), false);
  const block = new BeatOrigin();
  for (let beat = 0; beat < 100; beat += 1) assert.equal(block.isEctopic('other'), false);
  assert.equal(block.isEctopic('V'), true);
});
