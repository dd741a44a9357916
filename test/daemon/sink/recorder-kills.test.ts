/** Twenty kills; `npm run bench -- recorder` makes a hundred and holds them to one second. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE } from '../../support/patience.ts';
import { killRecorders } from '../../support/recorder-kills.ts';

/** A loaded machine may not let a process run for seconds; the bench measures on a quiet one. */
const GENEROUS_MS = 2000 * PATIENCE;

test('killed at random moments: every file opens, checksums right, nothing out of place', async () => {
  const kills = await killRecorders(20, 4, 1);
  assert.equal(kills.length, 20);
  for (const { problems, lossMs, beatLossMs } of kills) {
    assert.deepEqual(problems, []);
    assert.ok(lossMs < GENEROUS_MS, `${lossMs} ms of signal lost`);
    assert.ok(beatLossMs < GENEROUS_MS, `beats of ${beatLossMs} ms lost`);
  }
  assert.ok(
    kills.some(({ recordings }) => recordings > 1),
    'no kill fell behind the end of an hour',
  );
});
