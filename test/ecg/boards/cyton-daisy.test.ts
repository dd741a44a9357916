import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cyton } from '@rhythmd/ecg/boards/cyton.ts';
import { cytonDaisy } from '@rhythmd/ecg/boards/cyton-daisy.ts';
import { decodeAll, leadOf, samplesOf } from '../../support/streams.ts';

const BANNER = new TextEncoder().encode(
  'OpenBCI V3 8-16 channel\nOn Board ADS1299 Device ID: 0x3E\nOn Daisy ADS1299 Device ID: 0x3E\n' +
    'LIS3DH Device ID: 0x33\nFirmware: v3.1.2\n$$$',
);

/** Channel c has c + 1 tenths of a millivolt and a slow ramp. */
function stream(samples: number): Uint8Array {
  const leads = Array.from({ length: 16 }, (_, c) =>
    Array.from({ length: samples }, (_, i) => (c + 1) / 10 + i / 1e5),
  );
  return cytonDaisy.createEncoder().encode(samplesOf(leads, 125)).slice();
}

const close = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 1e-3, `${actual} instead of ${expected}`);

test('the banner says that there is a Daisy: sixteen leads at half the rate, each its own', () => {
  const decoder = cyton.createDecoder();
  // Cut inside the word it is known by.
  const decoded = decodeAll(decoder, [BANNER.subarray(0, 70), BANNER.subarray(70), stream(300)]);
  assert.equal(decoded.descriptions.length, 1);
  assert.equal(decoded.descriptions[0]?.rateHz, 125);
  assert.equal(decoded.descriptions[0]?.leadNames.length, 16);
  for (let lead = 0; lead < 16; lead++) {
    const values = leadOf(decoded, lead);
    assert.equal(values.length, 300);
    for (const [i, value] of values.entries()) close(value, (lead + 1) / 10 + i / 1e5);
  }
  const { lost, bytesDiscarded, badFooter, resynchronised } = decoder.statistics;
  assert.deepEqual(
    { lost, bytesDiscarded, badFooter, resynchronised },
    { lost: 0, bytesDiscarded: 0, badFooter: 0, resynchronised: 0 },
  );
});

test('a stream joined later is known by its packets, and time goes on', () => {
  const bytes = stream(400);
  const chunks = Array.from({ length: 200 }, (_, i) => bytes.subarray(132 * i, 132 * (i + 1)));
  const decoded = decodeAll(cyton.createDecoder(), chunks);
  assert.deepEqual(
    decoded.descriptions.map(({ rateHz, leadNames }) => [rateHz, leadNames.length]),
    [
      [250, 2],
      [125, 16],
    ],
  );
  const after = decoded.stretches.filter(({ leads }) => leads.length === 16);
  const before = decoded.stretches.filter(({ leads }) => leads.length === 2);
  const endS = Math.max(...before.map(({ first, leads }) => (first + leads[0]!.length) / 250));
  assert.ok(after[0]!.first / 125 >= endS && after[0]!.first / 125 - endS < 0.02);
  close(after[0]!.leads[0]![0], 0.1 + 126 / 1e5);
  close(after[0]!.leads[15]![0], 1.6 + 126 / 1e5);
});

test('a Cyton alone stays one, however it is wired', () => {
  const leads = [0, 1].map((c) => Array.from({ length: 1000 }, (_, i) => Math.sin(i / (3 + c)) * 2));
  const decoded = decodeAll(cyton.createDecoder(), [
    cyton.createEncoder().encode(samplesOf(leads, 250)).slice(),
  ]);
  assert.deepEqual(
    decoded.descriptions.map(({ rateHz }) => rateHz),
    [250],
  );
});

test('a packet that is lost costs its pair, counted once', () => {
  const decoder = cytonDaisy.createDecoder();
  const bytes = stream(20);
  const decoded = decodeAll(decoder, [bytes.subarray(0, 330), bytes.subarray(363)]);
  assert.equal(decoder.statistics.lost, 1);
  assert.equal(leadOf(decoded, 0).length, 19);
  assert.deepEqual(
    decoded.stretches.filter(({ lost }) => lost > 0).map(({ first, lost }) => [first, lost]),
    [[6, 1]],
  );
});
