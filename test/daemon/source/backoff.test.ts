import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '@rhythmd/daemon/source/backoff.ts';

test('doubles up to the ceiling and starts over', () => {
  const backoff = new Backoff({ firstMs: 100, ceilingMs: 500 });
  assert.deepEqual(
    [1, 2, 3, 4, 5].map(() => backoff.next()),
    [100, 200, 400, 500, 500],
  );
  backoff.reset();
  assert.equal(backoff.next(), 100);
});
