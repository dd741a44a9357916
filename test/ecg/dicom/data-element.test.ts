import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decimalElement,
  sequenceElement,
  textElement,
  u16Element,
  u32Element,
} from '@rhythmd/ecg/dicom/data-element.ts';
import { hex, toHex } from '../../support/streams.ts';

const same = (element: Uint8Array, bytes: string) => assert.equal(toHex(element), toHex(hex(bytes)));

test('texts are of even length, filled with a space, a UID with a zero', () => {
  same(textElement(0x0008_0060, 'CS', 'ECG'), '0800 6000 4353 0400 45434720');
  same(textElement(0x0002_0010, 'UI', '1.2'), '0200 1000 5549 0400 312E3200');
  same(textElement(0x0010_0010, 'PN', ''), '1000 1000 504E 0000');
});

test('a text is cut to what its kind allows, and never becomes two values', () => {
  const label = new TextDecoder().decode(textElement(0x003a_0203, 'SH', 'a\\b 4567890123456789').subarray(8));
  assert.equal(label, 'a/b 456789012345');
});

test('numbers', () => {
  same(u16Element(0x003a_0005, 'US', 12), '3A00 0500 5553 0200 0C00');
  same(u16Element(0x0040_a0b0, 'US', 1, 0), '4000 B0A0 5553 0400 0100 0000');
  same(u16Element(0x5400_100a, 'OW', 0x8000), '0054 0A10 4F57 0000 02000000 0080');
  same(u32Element(0x003a_0010, 0x0102_0304), '3A00 1000 554C 0400 04030201');
});

test('a decimal is the number, or as much of it as sixteen characters hold', () => {
  const text = (value: number) =>
    new TextDecoder().decode(decimalElement(0x003a_0210, value).subarray(8)).trim();
  assert.equal(text(360), '360');
  for (const value of [1000 / 3, -1000 / 3, 1e-7 / 3, -1.234567890123e-9, 1e22 / 3]) {
    assert.ok(text(value).length <= 16, text(value));
    assert.ok(Math.abs(Number(text(value)) / value - 1) < 1e-9, text(value));
  }
});

test('a sequence holds items, an item elements', () => {
  const item = [u16Element(0x003a_0005, 'US', 1)];
  same(
    sequenceElement(0x5400_0100, [item, []]),
    '0054 0001 5351 0000 1A000000  FEFF 00E0 0A000000  3A00 0500 5553 0200 0100  FEFF 00E0 00000000',
  );
});
