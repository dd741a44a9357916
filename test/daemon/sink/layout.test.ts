import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortestGain } from '@rhythmd/daemon/sink/recorder/layout.ts';
import fc from 'fast-check';

test('a gain has the fewest digits that give the same scale back', () => {
  assert.equal(shortestGain(1000 / 204.8), 204.8);
  assert.equal(shortestGain(1000 / 200), 200);
  assert.equal(shortestGain(5), 200);
  assert.equal(shortestGain(1e6 / 20 / 2 ** 17), 2621.44);
  fc.assert(
    fc.property(fc.double({ min: 1, max: 10_000, noNaN: true }), (microvolts) => {
      assert.ok(Math.abs(1000 / shortestGain(microvolts) / microvolts - 1) < 1e-15);
    }),
  );
});
