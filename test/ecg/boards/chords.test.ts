import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chords } from '@rhythmd/ecg/boards/chords.ts';
import { decodeAll, hex, leadOf } from '../../support/streams.ts';

const text = (line: string) => new TextEncoder().encode(line);
/** A0 at 0x0300, A1 at 0x0200, four more; six channels. */
const uno = (counter: number) =>
  hex(`C77C ${counter.toString(16).padStart(2, '0')} 0300 0200 0000 0000 0000 0000 01`);
/** Three channels. */
const pico = (counter: number) => hex(`C77C ${counter.toString(16).padStart(2, '0')} 0900 0800 0800 01`);
const run = (frame: (n: number) => Uint8Array, count: number) =>
  Array.from({ length: count }, (_, i) => frame(i));

test('without a name it is an Uno R3: six channels, 250 Hz, 10 bits', () => {
  const decoded = decodeAll(chords.createDecoder(), run(uno, 4));
  assert.equal(decoded.descriptions[0]?.rateHz, 250);
  assert.deepEqual(decoded.descriptions[0]?.leadNames, ['A0', 'A1']);
  // 256 counts of 4.88 µV above the middle.
  assert.ok(Math.abs(leadOf(decoded, 0)[0]! - 1.25) < 1e-4);
  assert.equal(leadOf(decoded, 1)[0], 0);
});

test('a board that says its name sets frame length, rate and scale', () => {
  const decoded = decodeAll(chords.createDecoder(), [text('RPI-PICO-RP2040\n'), ...run(pico, 4)]);
  assert.equal(decoded.descriptions[0]?.rateHz, 500);
  assert.equal(decoded.descriptions[0]?.firmware, 'RPI-PICO-RP2040');
  assert.ok(Math.abs(leadOf(decoded, 0)[0]! - (256 * 3.3) / 4096) < 1e-4);
});

/** Six channels of 12 bits. */
const vibzPlus = (counter: number) =>
  hex(`C77C ${counter.toString(16).padStart(2, '0')} 0900 0801 0800 0801 0800 0800 01`);

test('an NPG Lite says by its frames whether it has three channels or six', () => {
  for (const [frame, length] of [
    [pico, 10],
    [vibzPlus, 16],
  ] as const) {
    assert.equal(frame(0).length, length);
    const decoder = chords.createDecoder({ channels: [0, 1, 2, 3, 4, 5] });
    const decoded = decodeAll(decoder, [text('NPG-LITE\r\n'), ...run(frame, 6)]);
    assert.equal(decoded.descriptions[0]?.leadNames.length, (length - 4) / 2);
    assert.equal(decoded.descriptions[0]?.rateHz, 500);
    assert.ok(leadOf(decoded, 0).length >= 5);
    assert.equal(decoder.statistics.lost + decoder.statistics.bytesDiscarded, 0);
  }
});

test('sixteen channels of a Mega', () => {
  const mega = (counter: number) =>
    hex(`C77C ${counter.toString(16).padStart(2, '0')} ${'0300 0200'.repeat(8)} 01`);
  const decoded = decodeAll(chords.createDecoder(), [text('MEGA-2560-R3\r\n'), ...run(mega, 4)]);
  assert.equal(decoded.descriptions[0]?.rateHz, 250);
  assert.ok(Math.abs(leadOf(decoded, 0)[0]! - 1.25) < 1e-4);
});

test('a loss is counted over the counter’s end', () => {
  const decoder = chords.createDecoder();
  decodeAll(decoder, [uno(250), uno(251), uno(252), uno(4), uno(5)]);
  assert.equal(decoder.statistics.lost, 7);
});

test('the simulated board talks, starts, and stops at any byte', () => {
  const encoder = chords.createEncoder();
  assert.equal(new TextDecoder().decode(encoder.command(text('WHORU\nSTART\n'))), 'UNO-R3\n');
  assert.equal(encoder.streaming, true);
  encoder.command(text('x'));
  assert.equal(encoder.streaming, false);
});
