import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cobsDecode, cobsEncode, cobsMaximum } from '@rhythmd/ecg/boards/cobs.ts';
import fc from 'fast-check';
import { hex, toHex } from '../../support/streams.ts';

function encode(source: Uint8Array): Uint8Array {
  const target = new Uint8Array(cobsMaximum(source.length));
  return target.subarray(0, cobsEncode(source, source.length, target));
}

test('refuses a zero, a code beyond the end and a target too small', () => {
  assert.equal(cobsDecode(hex('00'), 1, new Uint8Array(8)), -1);
  assert.equal(cobsDecode(hex('03 11 00'), 3, new Uint8Array(8)), -1);
  assert.equal(cobsDecode(hex('05 11'), 2, new Uint8Array(8)), -1);
  assert.equal(cobsDecode(hex('04 11 22 33'), 4, new Uint8Array(2)), -1);
  assert.equal(cobsDecode(hex('01 01 01'), 3, new Uint8Array(1)), -1);
});

test('encodes the examples of the paper', () => {
  assert.equal(toHex(encode(hex(''))), '01');
  assert.equal(toHex(encode(hex('00'))), '0101');
  assert.equal(toHex(encode(hex('11 22 00 33'))), '0311220233');
  assert.equal(toHex(encode(hex('11 00 00 00'))), '0211010101');
});

test('a block of 254 bytes without zero needs one code byte only', () => {
  const full = new Uint8Array(254).fill(7);
  assert.equal(encode(full).length, 255);
  assert.equal(encode(new Uint8Array(255).fill(7)).length, 257);
});

test('any bytes survive and hold no zero', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 700 }), fc.boolean(), (source, inPlace) => {
      const block = encode(source);
      assert.ok(!block.includes(0));
      const target = inPlace ? block : new Uint8Array(source.length);
      const length = cobsDecode(block, block.length, target);
      assert.deepEqual(target.slice(0, length), source);
    }),
  );
});

test('any garbage is refused or decoded within bounds', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (garbage) => {
      const length = cobsDecode(garbage, garbage.length, new Uint8Array(100));
      assert.ok(length >= -1 && length <= 100);
    }),
  );
});
