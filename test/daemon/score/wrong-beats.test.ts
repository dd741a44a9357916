import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseStrips, stripsOf, wrongBeats } from '@rhythmd/daemon/score/wrong-beats.ts';
import type { BeatPair } from '@rhythmd/ecg/ec57/compare-beats.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { codeOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';

const beat = (sample: number, mnemonic: string): Annotation => ({
  sample,
  code: codeOf(mnemonic)!,
  subtype: 0,
  channel: 0,
  num: 0,
  aux: null,
});
const pair = (sample: number, reference: string | null, test: string | null): BeatPair => ({
  reference: reference === null ? null : beat(sample, reference),
  test: test === null ? null : beat(sample, test),
  shutdown: false,
});

test('right beats and uncounted flutter waves are not wrong', () => {
  const pairs = [pair(1, 'N', 'L'), pair(2, '!', null), pair(3, 'V', 'V')];
  assert.deepEqual(wrongBeats(pairs), []);
});

test('other class, missed and extra are', () => {
  const pairs = [pair(1, 'V', 'N'), pair(2, 'N', null), pair(3, null, 'V')];
  assert.deepEqual(
    wrongBeats(pairs).map(({ cell }) => cell),
    ['Vn', 'No', 'Ov'],
  );
});

test('neighbours share a strip; every wrong beat is inside one, also at the ends', () => {
  const wrong = [5, 100, 400, 5000, 9999].map((sample) => ({ sample, cell: 'No' }));
  const strips = stripsOf(wrong, 100, 10_000);
  assert.equal(strips.length, 3);
  assert.deepEqual(
    strips.flatMap((strip) => strip.wrong),
    wrong,
  );
  for (const { first, count, wrong: beats } of strips) {
    assert.ok(first >= 0 && first + count <= 10_000);
    for (const { sample } of beats) assert.ok(sample >= first && sample < first + count);
  }
});

test('a record shorter than a strip', () => {
  assert.deepEqual(stripsOf([{ sample: 10, cell: 'No' }], 100, 50), [
    { first: 0, count: 50, wrong: [{ sample: 10, cell: 'No' }] },
  ]);
});

test('beyond the limit every kind of error still shows, in time order', () => {
  const wrong = Array.from({ length: 500 }, (_, i) => ({
    sample: 1000 * i,
    cell: i === 250 ? 'Vo' : i % 2 ? 'Nv' : 'Vn',
  }));
  const strips = stripsOf(wrong, 100, 1_000_000);
  const chosen = chooseStrips(strips, 10);
  assert.equal(chosen.length, 10);
  const cells = chosen.flatMap((strip) => strip.wrong.map(({ cell }) => cell));
  assert.deepEqual([...new Set(cells)].sort(), ['Nv', 'Vn', 'Vo']);
  assert.deepEqual(
    chosen.map(({ first }) => first),
    chosen.map(({ first }) => first).sort((a, b) => a - b),
  );
  assert.equal(chooseStrips(strips.slice(0, 5), 10).length, 5);
});
