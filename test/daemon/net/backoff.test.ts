import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '@rhythmd/daemon/net/backoff.ts';

test('pauses double up to the ceiling, and begin anew after a success', () => {
  const backoff = new Backoff({ firstMs: 500, ceilingMs: 3000 });
  assert.deepEqual(
    [1, 2, 3, 4, 5].map(() => backoff.next()),
    [500, 1000, 2000, 3000, 3000],
  );
  backoff.reset();
  assert.equal(backoff.next(), 500);
});

test('chance moves a pause by a fifth at most', () => {
  assert.equal(new Backoff({ firstMs: 1000, ceilingMs: 9000 }, () => 0).next(), 800);
  assert.equal(new Backoff({ firstMs: 1000, ceilingMs: 9000 }, () => 1).next(), 1200);
});
