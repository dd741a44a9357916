import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from '@rhythmd/ecg/crc32.ts';

test('nothing, the check value of every catalogue, and bytes with their high bit set', () => {
  assert.equal(crc32(new Uint8Array(0)), 0);
  assert.equal(crc32(new TextEncoder().encode('123456789')), 0xcbf43926);
  assert.equal(crc32(Uint8Array.of(0xff, 0xff, 0xff, 0xff)), 0xffffffff);
  assert.equal(crc32(new TextEncoder().encode('<123456789>'), 1, 10), 0xcbf43926);
});
