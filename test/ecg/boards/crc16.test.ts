import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc16 } from '@rhythmd/ecg/boards/crc16.ts';

test('gives the check value of the catalogue', () => {
  assert.equal(crc16(new TextEncoder().encode('123456789')), 0x29b1);
});

test('of nothing is the initial value, and a part counts only its bytes', () => {
  assert.equal(crc16(new Uint8Array(0)), 0xffff);
  assert.equal(crc16(new TextEncoder().encode('xx123456789yy'), 2, 11), 0x29b1);
});
