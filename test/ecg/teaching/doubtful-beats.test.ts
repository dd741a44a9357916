import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyLook } from '@rhythmd/ecg/teaching/beat-look.ts';
import { DoubtfulBeats } from '@rhythmd/ecg/teaching/doubtful-beats.ts';

const look = (oddsS: number, oddsV: number, before = 0) => ({ ...emptyLook(), oddsS, oddsV, before });

test('the most doubtful of thousands are asked about, S and V in turn', () => {
  const beats = new DoubtfulBeats<string>();
  for (let i = 0; i < 5000; i++) beats.push(i, look(-20 + (i % 7), -20 + (i % 5)), 'sure');
  beats.push(6000, look(0.1, -9), 'about S');
  beats.push(6001, look(-9, 0.1), 'about V');
  assert.deepEqual(
    beats.choose(2).map(({ facts }) => facts),
    ['about S', 'about V'],
  );
  assert.equal(beats.choose(12).length, 12);
  assert.equal(new Set(beats.choose(12)).size, 12);
  assert.ok(beats.choose(1e6).length <= 96);
});

test('beats that come alike early are not all asked about', () => {
  const beats = new DoubtfulBeats<string>();
  for (let i = 0; i < 30; i++) beats.push(i, look(0.01 * i, -20, -0.3), 'alike');
  beats.push(100, look(0.9, -20, 0.4), 'other');
  const facts = beats.choose(4).map((beat) => beat.facts);
  assert.ok(facts.includes('other'), facts.join());
});

test('what can no longer be shown is not asked about, and nothing is made up where there are few', () => {
  const beats = new DoubtfulBeats<null>();
  assert.deepEqual(beats.choose(12), []);
  for (let i = 0; i < 5; i++) beats.push(100 * i, look(i, -i), null);
  beats.forgetBefore(200);
  assert.deepEqual(
    beats
      .choose(12)
      .map(({ sample }) => sample)
      .sort((a, b) => a - b),
    [200, 300, 400],
  );
  assert.deepEqual(
    beats.choose(12, ({ sample }) => sample === 300).map(({ sample }) => sample),
    [300],
  );
});
