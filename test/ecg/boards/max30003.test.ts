import assert from 'node:assert/strict';
import { test } from 'node:test';
import { max30003 } from '@rhythmd/ecg/boards/max30003.ts';
import { cut, decodeAll, hex, leadOf, samplesOf } from '../../support/streams.ts';

/** 0x0400 in the upper half; the lower one is the firmware's mistake. */
const FRAME = hex('0AFA 0C00 02 03000004 20030000 4B000000 000B');

test('the upper half counts, in steps of 1.5 µV', () => {
  const decoder = max30003.createDecoder({ speed: Number.POSITIVE_INFINITY });
  const decoded = decodeAll(
    decoder,
    Array.from({ length: 30 }, () => FRAME),
  );
  assert.ok(Math.abs(leadOf(decoded, 0)[10]! - (1024 * 50) / 32768) < 1e-6);
  assert.equal(decoded.descriptions[0]?.rateHz, 360);
});

test('frames are spaced as they arrive: 104 a second instead of 120', () => {
  const encoder = max30003.createEncoder();
  const input = Array.from({ length: 2080 }, (_, k) => Math.sin((2 * Math.PI * 1.5 * k) / 104));
  const bytes = encoder.encode(samplesOf([input], 120)).slice();
  const chunks = cut(
    bytes,
    Array.from({ length: 2080 }, (_, k) => 19 * k),
  );
  const decoder = max30003.createDecoder();
  const lead = leadOf(
    decodeAll(decoder, chunks, (k) => (k * 1000) / 104),
    0,
  ).slice(3000);
  const rises = lead.flatMap((v, i) => (i > 0 && lead[i - 1]! < 0 && v >= 0 ? [i] : []));
  const hz = ((rises.length - 1) * 360) / (rises.at(-1)! - rises[0]!);
  assert.ok(Math.abs(hz - 1.5) < 0.015, String(hz));
  assert.ok(Math.abs((decoder.measuredRateHz ?? 0) - 104) < 1);
});

test('garbage between frames is a loss, not a bend in time', () => {
  const encoder = max30003.createEncoder();
  const bytes = encoder.encode(samplesOf([new Array(240).fill(0.5)], 120)).slice();
  const decoder = max30003.createDecoder({ speed: Number.POSITIVE_INFINITY });
  // Ten frames become noise.
  bytes.fill(0x55, 19 * 100, 19 * 110);
  const decoded = decodeAll(decoder, [bytes]);
  const lost = decoded.stretches.reduce((sum, s) => sum + s.lost, 0);
  assert.ok(lost >= 30 && lost <= 42, String(lost));
});

for (const [library, frame] of [
  ['1.0.1', '0AFA 0C00 02 0000000000 03000004 2003 00 000B'],
  ['1.0.2', '0AFA 1100 02 0000000000 03000004 20030000 4B000000 000B'],
] as const) {
  test(`the example of library ${library} sends five zeros first`, () => {
    const decoder = max30003.createDecoder({ speed: Number.POSITIVE_INFINITY });
    const decoded = decodeAll(
      decoder,
      Array.from({ length: 30 }, () => hex(frame)),
    );
    assert.ok(Math.abs(leadOf(decoded, 0)[10]! - (1024 * 50) / 32768) < 1e-6);
    assert.equal(decoder.statistics.bytesDiscarded, 0);
  });
}
