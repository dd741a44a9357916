import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCounts, perBeat, roundsOf } from './per-beat.ts';

for (const [name, text] of [
  ['text', '100\ntwo hundred\n'],
  ['a line cut short', '100\n-'],
  ['a count that falls', '200\n100\n'],
  ['a count that stands still', '100\n100\n'],
  ['more than numbers hold', '100\n99999999999999999999\n'],
] as const) {
  test(`counts are refused: ${name}`, () => {
    assert.throws(() => parseCounts(text), { code: 'E_COUNT' });
  });
}

test('nothing counted is no beat of zero instructions', () => {
  assert.deepEqual(parseCounts(''), []);
  assert.throws(() => perBeat([]), { code: 'E_COUNT' });
  assert.throws(() => perBeat([[]]), { code: 'E_COUNT' });
});

test('a round is the difference of two marks, shared by its beats', () => {
  const counts = parseCounts('1000\n1500\n2100\n');
  assert.deepEqual(roundsOf(counts, 5), [100, 120]);
});

test('the median of the runs, the range of all rounds, the scatter of the runs', () => {
  assert.deepEqual(
    perBeat([
      [100, 100, 900],
      [110, 110, 108],
      [105, 104, 106],
    ]),
    { median: 105, lowest: 100, highest: 900, scatter: 10 / 105 },
  );
});

test('a single run has no scatter', () => {
  assert.deepEqual(perBeat([[7, 9]]), { median: 8, lowest: 7, highest: 9, scatter: null });
});
