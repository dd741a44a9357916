import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calibratedScale, pulseHeight } from '@rhythmd/ecg/boards/calibration.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { needsRecord } from '../../support/needs.ts';

/** `seconds` of a square wave at 1 Hz, its edges rounded by a first-order filter. */
function square(heightMv: number, seconds = 5, noiseMv = 0): Float32Array {
  let value = 0;
  return Float32Array.from({ length: seconds * 360 }, (_, i) => {
    const target = i % 360 < 180 ? heightMv : 0;
    value += (target - value) / 4;
    return value + noiseMv * Math.sin(i * 1.7) - 0.3;
  });
}

test('nothing, a flat line, one step and noise are no pulse', () => {
  assert.equal(pulseHeight(new Float32Array(0)), null);
  assert.equal(pulseHeight(new Float32Array(1800)), null);
  assert.equal(pulseHeight(Float32Array.from({ length: 1800 }, (_, i) => (i < 900 ? 0 : 1))), null);
  assert.equal(pulseHeight(Float32Array.from({ length: 1800 }, (_, i) => Math.sin(i / 20))), null);
  assert.equal(pulseHeight(square(0.01)), null);
});

test('an ECG is no pulse', needsRecord('100', '208'), () => {
  for (const name of ['100', '208']) {
    const [lead] = readRecord(name).leads;
    for (let first = 0; first + 1800 < lead!.length; first += 36_000) {
      assert.equal(pulseHeight(lead!.slice(first, first + 1800)), null, `${name} at ${first}`);
    }
  }
});

test('a square wave is measured within two percent, and gives the scale', () => {
  for (const heightMv of [0.5, 1, 1.37]) {
    const measured = pulseHeight(square(heightMv, 5, 0.01));
    assert.ok(measured !== null && Math.abs(measured / heightMv - 1) < 0.02, `${measured} of ${heightMv}`);
  }
  assert.equal(calibratedScale(5, 1.25), 4);
});
