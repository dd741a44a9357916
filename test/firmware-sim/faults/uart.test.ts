import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAtOtherBaud } from '@rhythmd/firmware-sim/faults/uart.ts';
import { hex, toHex } from '../../support/streams.ts';

test('at the same speed, or nearly, the bytes arrive', () => {
  const sent = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.equal(readAtOtherBaud(sent, 9600, 9600), sent);
  // The Uno's 115200 is 2.1 % fast: within what a UART takes.
  assert.deepEqual(readAtOtherBaud(sent, 117_647, 115_200), sent);
});

test('read twice as fast, each bit is two: 0x00 is a break, 0xFF one low bit more', () => {
  // Start and seven zeros fill the first byte; its stop bit is another zero: a framing error, dropped.
  assert.equal(toHex(readAtOtherBaud(hex('FF'), 9600, 19_200)), 'fe');
  assert.equal(toHex(readAtOtherBaud(hex('00'), 9600, 19_200)), '');
});

test('read at a fraction of the speed, several bytes become one', () => {
  const sent = Uint8Array.from({ length: 120 }, (_, i) => (i * 37) & 0xff);
  const read = readAtOtherBaud(sent, 115_200, 9600);
  assert.ok(read.length > 0 && read.length <= 12, `${read.length}`);
});

test('a real stream becomes something else at any other usual speed', () => {
  const sent = Uint8Array.from({ length: 3900 }, (_, i) => (i * i * 31) & 0xff);
  for (const baud of [9600, 57_600, 230_400]) {
    const read = readAtOtherBaud(sent, 115_200, baud);
    assert.notDeepEqual(read.subarray(0, 20), sent.subarray(0, 20));
  }
});
