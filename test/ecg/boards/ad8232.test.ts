import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ad8232 } from '@rhythmd/ecg/boards/ad8232.ts';
import { LEAD_OFF_FLAGS, SampleFlag } from '@rhythmd/ecg/types.ts';
import { cut, type Decoded, decodeAll, leadOf, samplesOf } from '../../support/streams.ts';

const text = (lines: string) => new TextEncoder().encode(lines);
const max = Number.POSITIVE_INFINITY;

/** Frequency by the zero crossings of the second half, where everything has settled. */
function frequencyOf(decoded: Decoded): number {
  const lead = leadOf(decoded, 0);
  const values = lead.slice(Math.floor(lead.length / 2));
  const rises = values.flatMap((v, i) => (i > 0 && values[i - 1]! < 0 && v >= 0 ? [i] : []));
  return ((rises.length - 1) * 360) / (rises.at(-1)! - rises[0]!);
}

test('what is no number is counted and yields nothing', () => {
  const decoder = ad8232.createDecoder();
  const decoded = decodeAll(decoder, [text(`boot v1.2\r\n${'x'.repeat(200)}\r\nready\r\n12,\u0000\r\n`)]);
  assert.equal(decoded.stretches.length, 0);
  assert.equal(decoder.statistics.oversize, 1);
  assert.ok(decoder.statistics.unknown >= 2);
});

test('a full line is its own clock: a sine through the simulated sketch comes out as it went in', () => {
  const sine = (s: number) => 1.5 * Math.sin(2 * Math.PI * 5 * s);
  const encoder = ad8232.createEncoder();
  const input = Array.from({ length: 9600 }, (_, i) => sine(i / encoder.inputRateHz));
  const bytes = encoder.encode(samplesOf([input], encoder.inputRateHz));
  const decoder = ad8232.createDecoder({ speed: max });
  const decoded = decodeAll(decoder, cut(bytes, [5, 77, 1000, 1001, 4444]));
  const output = leadOf(decoded, 0);
  assert.ok(Math.abs(output.length - 3600) < 40, String(output.length));
  assert.equal(decoded.descriptions[0]?.rateHz, 360);
  // Only where it starts is unknown: the first lines are spent on learning their shape.
  const errors = Array.from({ length: 100 }, (_, shift) =>
    Math.max(...output.slice(0, 3500).map((v, i) => Math.abs(v - sine(i / 360 + shift / 1000)))),
  );
  assert.ok(Math.min(...errors) < 0.03, String(Math.min(...errors)));
});

test('an idle line is paced by arrival: 100 lines a second at 9600 baud', () => {
  const decoder = ad8232.createDecoder();
  const sent = Array.from({ length: 1500 }, (_, k) =>
    text(`${Math.round(512 + 300 * Math.sin((2 * Math.PI * 1.2 * k) / 100))}\r\n`),
  );
  const decoded = decodeAll(decoder, sent, (k) => k * 10 + (k % 7));
  assert.ok(Math.abs(frequencyOf(decoded) - 1.2) < 0.012, String(frequencyOf(decoded)));
  assert.ok(Math.abs((decoder.measuredRateHz ?? 0) - 100) < 1);
});

test('twenty times life is paced by twenty times arrival', () => {
  const decoder = ad8232.createDecoder({ speed: 20 });
  const sent = Array.from({ length: 3000 }, (_, k) =>
    text(`${Math.round(512 + 300 * Math.sin((2 * Math.PI * 1.2 * k) / 100))}\r\n`),
  );
  const decoded = decodeAll(decoder, sent, (k) => k / 2);
  assert.ok(Math.abs(frequencyOf(decoded) - 1.2) < 0.012, String(frequencyOf(decoded)));
});

test('an exclamation mark is a lead that is off, for as long as it comes', () => {
  const encoder = ad8232.createEncoder();
  const part = (flags: number) =>
    encoder.encode(samplesOf([new Array(1920).fill(0.3)], encoder.inputRateHz, 0, flags)).slice();
  const decoded = decodeAll(ad8232.createDecoder({ speed: max }), [
    part(0),
    part(SampleFlag.leadOffMinus),
    part(0),
  ]);
  const off = decoded.stretches.filter((s) => (s.flags & LEAD_OFF_FLAGS) !== 0);
  const samples = off.reduce((sum, s) => sum + s.leads[0]!.length, 0);
  assert.ok(Math.abs(samples - 720) < 8, String(samples));
});

for (const [what, line, leads] of [
  ['two channels', (k: number) => `${500 + (k % 3)},${400 + (k % 5)}`, 2],
  ['a name', (k: number) => `ecg:${500 + (k % 3)}`, 1],
  ['a time first', (k: number) => `${k * 8},${500 + (k % 3)}`, 1],
] as const) {
  test(`lines with ${what} are understood`, () => {
    const lines = Array.from({ length: 400 }, (_, k) => `${line(k)}\r\n`).join('');
    const decoded = decodeAll(ad8232.createDecoder({ speed: max }), [text(`x\n${lines}`)]);
    assert.equal(decoded.descriptions[0]?.leadNames.length, leads);
    assert.ok(leadOf(decoded, 0).every((v) => Math.abs(v) < 0.06));
    assert.ok(leadOf(decoded, 0).length > 300);
  });
}

test('readings at the limit for longer than a wave are marked', () => {
  const lines = '1023\r\n'.repeat(100);
  const decoded = decodeAll(ad8232.createDecoder({ speed: max }), [text(`x\n${lines}`)]);
  assert.equal(decoded.stretches[0]?.flags, 0);
  assert.equal(decoded.stretches.at(-1)?.flags, SampleFlag.saturated);
});

test('garbage between lines costs two lines at most and no memory', () => {
  const lines = '512\r\n'.repeat(200);
  const decoder = ad8232.createDecoder({ speed: max });
  const noise = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) & 0xff);
  decodeAll(decoder, [text(lines), noise, text(lines)]);
  assert.ok(decoder.statistics.good >= 400 - 1 - 7 - 2, String(decoder.statistics.good));
});
