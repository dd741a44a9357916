import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '@rhythmd/daemon/sink/mqtt/backoff.ts';

test('pauses double up to the ceiling, and begin anew after a success', () => {
  const backoff = new Backoff(500, 3000, () => 0.5);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map(() => backoff.next()),
    [500, 1000, 2000, 3000, 3000],
  );
  backoff.reset();
  assert.equal(backoff.next(), 500);
});

test('chance moves a pause by a fifth at most', () => {
  assert.equal(new Backoff(1000, 9000, () => 0).next(), 800);
  assert.equal(new Backoff(1000, 9000, () => 1).next(), 1200);
});
