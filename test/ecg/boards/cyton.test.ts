import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cyton } from '@rhythmd/ecg/boards/cyton.ts';
import { decodeAll, hex, leadOf } from '../../support/streams.ts';

/** Channel 1 at 44739 counts (1 mV), channel 2 at -1 count. */
const frame = (sample: number, stop = 'C0') =>
  hex(`A0 ${sample.toString(16).padStart(2, '0')} 00AEC3 FFFFFF ${'000000'.repeat(6)} 000000000000 ${stop}`);
const run = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => frame((from + i) & 0xff));

test('scale and sign', () => {
  const decoded = decodeAll(cyton.createDecoder(), run(0, 4));
  assert.ok(Math.abs(leadOf(decoded, 0)[0]! - 1) < 1e-4);
  assert.ok(Math.abs(leadOf(decoded, 1)[0]! + 2.235e-5) < 1e-7);
});

test('every stop byte from C0 to C6 is valid, no other', () => {
  for (const stop of ['C1', 'C3', 'C4', 'C6']) {
    const frames = [frame(0, stop), frame(1, stop), frame(2, stop), frame(3, stop)];
    assert.ok(decodeAll(cyton.createDecoder(), frames).stretches.length > 0, stop);
  }
  const decoder = cyton.createDecoder();
  assert.equal(decodeAll(decoder, [frame(0, 'C7'), frame(1, 'C7'), frame(2, 'C7')]).stretches.length, 0);
  assert.ok(decoder.statistics.badFooter > 0);
});

test('missing frames are counted by the sample number, also over its end', () => {
  const decoder = cyton.createDecoder();
  const decoded = decodeAll(decoder, [...run(240, 250), ...run(260, 270)]);
  assert.equal(decoder.statistics.lost, 10);
  assert.equal(decoded.stretches.find((stretch) => stretch.lost > 0)?.lost, 10);
});

test('the same frame twice counts once', () => {
  const decoder = cyton.createDecoder();
  const [a, b, c, d, e, f, g] = run(0, 7) as [Uint8Array, ...Uint8Array[]];
  const decoded = decodeAll(decoder, [a, b!, c!, d!, d!, e!, f!, g!]);
  assert.equal(leadOf(decoded, 0).length, 7);
  assert.equal(decoder.statistics.duplicate, 1);
});

test('other channels can be the leads', () => {
  const decoded = decodeAll(cyton.createDecoder({ channels: [1, 7] }), run(0, 4));
  assert.deepEqual(decoded.descriptions[0]?.leadNames, ['channel 2', 'channel 8']);
  assert.equal(leadOf(decoded, 1)[0], 0);
});

test('the simulated Cyton answers, starts and stops as asked', () => {
  const encoder = cyton.createEncoder();
  assert.match(String.fromCharCode(...encoder.command(hex('76'))), /\$\$\$$/);
  assert.equal(encoder.streaming, false);
  encoder.command(cyton.startCommand!);
  assert.equal(encoder.streaming, true);
  encoder.command(cyton.stopCommand!);
  assert.equal(encoder.streaming, false);
});
