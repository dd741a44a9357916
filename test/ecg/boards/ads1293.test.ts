import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ads1293 } from '@rhythmd/ecg/boards/ads1293.ts';
import { max30003 } from '@rhythmd/ecg/boards/max30003.ts';
import { decodeAll, hex, leadOf, samplesOf, toHex } from '../../support/streams.ts';

/** I 1,000 codes above the middle, II 2,000, V1 1 below. */
const FRAME = hex('0AFA 0C00 02 E8034000 D0074000 FFFF3F00 000B');
const unpaced = { speed: Number.POSITIVE_INFINITY };

test('three leads in steps of 0.082 µV from the middle of the converter', () => {
  const decoded = decodeAll(
    ads1293.createDecoder(unpaced),
    Array.from({ length: 30 }, () => FRAME),
  );
  assert.deepEqual(decoded.descriptions[0]?.leadNames, ['I', 'II', 'V1']);
  assert.equal(decoded.descriptions[0]?.rateHz, 360);
  const step = 2400 / 3.5 / 2 ** 23;
  for (const [lead, codes] of [1000, 2000, -1].entries()) {
    assert.ok(Math.abs(leadOf(decoded, lead)[10]! - codes * step) < 1e-7);
  }
});

test('a frame as the sketch sends it', () => {
  const step = 2400 / 3.5 / 2 ** 23;
  const frame = ads1293.createEncoder().encode(samplesOf([[1000 * step], [2000 * step], [-step]], 100));
  assert.equal(toHex(frame), toHex(FRAME));
});

test('it and the MAX30003, with frames of the same type and length, are not taken for each other', () => {
  const other = max30003
    .createEncoder()
    .encode(samplesOf([new Array(40).fill(0.5)], 120))
    .slice();
  assert.equal(decodeAll(ads1293.createDecoder(unpaced), [other]).stretches.length, 0);
  const own = Array.from({ length: 40 }, () => FRAME);
  assert.equal(decodeAll(max30003.createDecoder(unpaced), own).stretches.length, 0);
});
