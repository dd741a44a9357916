import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BeatOrigin } from '@rhythmd/ecg/rhythm/beat-origin.ts';
import type { BeatLabel } from '@rhythmd/ecg/types.ts';

const beat = (label: BeatLabel | null) => ({ label, ventricular: label === 'V' });

test('other is ectopic among normal beats, and the own beat in bundle branch block', () => {
  const origin = new BeatOrigin();
  for (let count = 0; count < 10; count += 1) assert.equal(origin.isEctopic(beat('N')), false);
  assert.equal(origin.isEctopic(beat('other')), true);
  assert.equal(origin.isEctopic(beat('V')), true);
  assert.equal(origin.isEctopic(beat(null)), false);
  const block = new BeatOrigin();
  for (let count = 0; count < 100; count += 1) assert.equal(block.isEctopic(beat('other')), false);
  assert.equal(block.isEctopic(beat('V')), true);
});
