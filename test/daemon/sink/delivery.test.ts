/** The small version of `npm run bench -- delivery`: nothing is lost, whoever dies. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runKillTrial } from '../../support/delivery/kill-trial.ts';
import { needsProgram } from '../../support/needs.ts';

test('broker and daemon are killed; every message arrives, in order', needsProgram('mosquitto'), async () => {
  const result = await runKillTrial({
    beats: 1200,
    beatsPerSecond: 200,
    brokerKills: 3,
    daemonKills: 3,
    seed: 7,
    progress: () => {},
  });
  assert.ok(result.beats >= 1200);
  assert.deepEqual(result.lost, []);
  assert.equal(result.outOfOrder, 0);
  assert.equal(result.ambiguous, 0);
});
