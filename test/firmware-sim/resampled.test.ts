import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Resampled } from '@rhythmd/firmware-sim/resampled.ts';

const sine = (hz: number, rateHz: number, seconds: number) =>
  Float32Array.from({ length: rateHz * seconds }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rateHz));

for (const rateHz of [125, 250, 500, 960, 1000]) {
  test(`a 10 Hz sine is one at ${rateHz} Hz, too`, () => {
    const resampled = new Resampled(sine(10, 360, 4), 360, rateHz);
    assert.equal(resampled.length, 4 * rateHz);
    for (let i = rateHz; i < 3 * rateHz; i++) {
      assert.ok(Math.abs(resampled.at(i) - Math.sin((2 * Math.PI * 10 * i) / rateHz)) < 0.005);
    }
  });
}

test('what a slower board cannot hold is filtered out, not folded down', () => {
  const resampled = new Resampled(sine(100, 360, 4), 360, 125);
  for (let i = 125; i < 375; i++) assert.ok(Math.abs(resampled.at(i)) < 0.02);
});

test('at the record rate nothing is touched', () => {
  const lead = sine(50, 360, 1);
  const resampled = new Resampled(lead, 360, 360);
  for (let i = 0; i < lead.length; i++) assert.equal(resampled.at(i), lead[i]);
});
