import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Vitals } from '@rhythmd/daemon/publish/vitals.ts';
import { type BeatLabel, EC57_LABELS } from '@rhythmd/ecg/types.ts';

const RATE = 360;

/** Beats at a steady 60 a minute from second 1 on. */
function steady(vitals: Vitals, seconds: number, label: BeatLabel | null = 'N'): void {
  for (let second = 1; second <= seconds; second++) {
    vitals.beat(second * RATE, second === 1 ? null : RATE, label);
  }
}

test('nothing is known before beats, and nothing is zero', () => {
  const { hr_bpm, rr_ms, sdnn_ms, beats_per_min, quality } = new Vitals(EC57_LABELS).report(0, 0, null);
  assert.deepEqual([hr_bpm, rr_ms, sdnn_ms, beats_per_min, quality], [null, null, null, null, null]);
});

test('heart rate is the median of intervals, and unknown when beats stop or the lead goes', () => {
  const vitals = new Vitals(EC57_LABELS);
  vitals.readable(0, true);
  steady(vitals, 10);
  vitals.beat(10.5 * RATE, RATE / 2, 'V');
  assert.equal(vitals.report(11 * RATE, 0, 1).hr_bpm, 60, 'one premature beat does not move it');
  assert.equal(vitals.report(11 * RATE, 0, 1).rr_ms, 500);
  assert.equal(vitals.report(16 * RATE, 0, 1).hr_bpm, null, 'no beat for more than five seconds');
  vitals.readable(11 * RATE, false);
  assert.equal(vitals.report(11 * RATE, 0, 0).hr_bpm, null);
});

test('an interval that is not known ends the average: what lies before is another stretch', () => {
  const vitals = new Vitals(EC57_LABELS);
  vitals.readable(0, true);
  steady(vitals, 5);
  vitals.beat(8 * RATE, null, 'N');
  assert.equal(vitals.report(8 * RATE, 0, 1).hr_bpm, null);
  vitals.beat(8.5 * RATE, RATE / 2, 'N');
  vitals.beat(9 * RATE, RATE / 2, 'N');
  assert.equal(vitals.report(9 * RATE, 0, 1).hr_bpm, 120);
});

test('classes are counted once a whole minute was readable and classified', () => {
  const vitals = new Vitals(EC57_LABELS);
  vitals.readable(0, true);
  steady(vitals, 59);
  assert.equal(vitals.report(59.9 * RATE, 0, 1).beats_per_min, null);
  vitals.beat(60 * RATE, RATE, 'V');
  vitals.beat(61 * RATE, RATE, 'V');
  assert.deepEqual(vitals.report(61 * RATE, 0, 1).beats_per_min, {
    N: 58,
    S: 0,
    V: 2,
    F: 0,
    Q: 0,
  });
  vitals.beat(62 * RATE, RATE, null);
  assert.equal(vitals.report(62 * RATE, 0, 1).beats_per_min, null, 'one beat without a verdict');
});

test('variability counts intervals between normal beats only, and needs enough of them', () => {
  const vitals = new Vitals(EC57_LABELS);
  vitals.readable(0, true);
  steady(vitals, 20);
  assert.equal(vitals.report(20 * RATE, 0, 1).sdnn_ms, null);
  let sample = 20 * RATE;
  for (let i = 0; i < 100; i++) {
    const rr = i % 2 === 0 ? 342 : 378;
    sample += rr;
    vitals.beat(sample, rr, 'N');
  }
  const sdnn = vitals.report(sample, 0, 1).sdnn_ms!;
  assert.ok(Math.abs(sdnn - 46) < 1.5, `${sdnn}: intervals of 950 and 1050 ms, some of 1000`);
});
