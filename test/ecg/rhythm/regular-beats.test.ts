import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RegularBeats } from '@rhythmd/ecg/rhythm/regular-beats.ts';

const RATE_HZ = 360;

/** Plays beats at `atS`, each a bump of the given height, and asks at the end. */
function heard(atS: readonly number[], heights: (index: number) => number, doubt: number) {
  const beats = new RegularBeats(RATE_HZ, () => true);
  const lead = new Float32Array(Math.ceil((atS.at(-1)! + 0.5) * RATE_HZ));
  for (const [index, second] of atS.entries()) {
    for (let i = -20; i <= 20; i += 1) {
      const at = Math.round(second * RATE_HZ) + i;
      if (at >= 0) lead[at]! += heights(index) * Math.exp(-((i / 7) ** 2));
    }
  }
  for (const second of atS) beats.peak(Math.round(second * RATE_HZ), doubt);
  beats.pushSamples(lead, lead.length, 0);
  return { beats, now: lead.length };
}

const every = (intervalS: number, count = 12) => Array.from({ length: count }, (_, i) => 1 + i * intervalS);

test('too few beats, and beats at any distance, are not regular', () => {
  const few = heard(every(0.8, 5), () => 1, 0);
  assert.equal(few.beats.bpm(few.now), null);
  const wild = [1, 1.4, 2.3, 2.6, 3.6, 4.1, 5.2, 5.5, 6.4];
  const irregular = heard(wild, () => 1, 0);
  assert.equal(irregular.beats.bpm(irregular.now), null);
});

test('even distances and one shape: the rate; a premature beat is nothing, an overdue one is', () => {
  const { beats, now } = heard(every(0.8), () => 1, 1);
  assert.equal(Math.round(beats.bpm(now)!), 75);
  assert.equal(beats.areAlike, true);
  assert.equal(beats.bpm(now + 3 * RATE_HZ), null);
});

test('beats of all shapes count when the detector has no doubt of them, but not as fast as flutter', () => {
  const shapes = (index: number) => [1, -1, 0.4, -0.3][index % 4]!;
  const clear = heard(every(0.6), shapes, 0.05);
  assert.equal(Math.round(clear.beats.bpm(clear.now)!), 100);
  const doubtful = heard(every(0.6), shapes, 0.5);
  assert.equal(doubtful.beats.bpm(doubtful.now), null);
  const fast = heard(every(0.3), shapes, 0.05);
  assert.equal(fast.beats.bpm(fast.now), null);
});

test('a run is five beats of one shape; whether that is the usual one is known after some', () => {
  const { beats, now } = heard(every(0.5, 20), () => 1, 1);
  assert.equal(Math.round(beats.runBpm(now)!), 120);
  assert.equal(beats.isRunUsual, true);
  const other = heard(every(0.5, 20), (index) => (index < 14 ? 1 : -1), 1);
  assert.equal(other.beats.isRunUsual, false);
});
