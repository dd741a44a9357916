import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConfusionMatrix, compareBeats, matchWindowSamples } from '@rhythmd/ecg/ec57/compare-beats.ts';
import { statisticsOf } from '@rhythmd/ecg/ec57/statistics.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { codeOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import fc from 'fast-check';
import { countPairs } from '../../support/beat-comparator.ts';

const WINDOW = 54;
const period = { rateHz: 360, fromSample: 0, endSample: 1_000_000 };
const inside = { ...period, fromSample: 108_000 };

const mark = (sample: number, mnemonic = 'N', subtype = 0): Annotation => ({
  sample,
  code: codeOf(mnemonic)!,
  subtype,
  channel: 0,
  num: 0,
  aux: null,
});
const beats = (...samples: number[]) => samples.map((sample) => mark(sample));
const compare = (reference: Annotation[], test: Annotation[], within = period) =>
  compareBeats(reference, test, within);
const qrs = (reference: Annotation[], test: Annotation[], within = period) => {
  const { tp, fn, fp } = statisticsOf(compare(reference, test, within).matrix).qrs;
  return [tp, fn, fp];
};
const total = (matrix: ConfusionMatrix) => matrix.flat().reduce((sum, count) => sum + count, 0);

/** A plausible rhythm: beats at least twice the window apart, so that neighbours cannot be confused. */
const rhythm = fc
  .array(fc.tuple(fc.integer({ min: 2 * WINDOW + 1, max: 700 }), fc.constantFrom(...'NLRAVEF/Qej')), {
    minLength: 1,
    maxLength: 60,
  })
  .map((steps) => {
    let sample = 500;
    return steps.map(([step, mnemonic]) => {
      sample += step;
      return mark(sample, mnemonic);
    });
  });

test('nothing on either side', () => {
  assert.equal(total(compare([], []).matrix), 0);
  assert.deepEqual(qrs(beats(1000), []), [0, 1, 0]);
  assert.deepEqual(qrs([], beats(1000)), [0, 0, 1]);
});

test('a beat at the window counts, one sample further does not', () => {
  assert.deepEqual(qrs(beats(1000), beats(1000 + WINDOW)), [1, 0, 0]);
  assert.deepEqual(qrs(beats(1000), beats(1000 - WINDOW)), [1, 0, 0]);
  assert.deepEqual(qrs(beats(1000), beats(1000 + WINDOW + 1)), [0, 1, 1]);
  assert.deepEqual(qrs(beats(1000), beats(1000 - WINDOW - 1)), [0, 1, 1]);
});

test('the closer of two candidates is taken', () => {
  const { pairs } = compare(beats(1000), beats(960, 1001));
  assert.deepEqual(
    pairs.map(({ reference, test: found }) => [reference?.sample ?? null, found?.sample ?? null]),
    [
      [null, 960],
      [1000, 1001],
    ],
  );
});

test('a closer follower that has a better partner itself does not count: look-ahead', () => {
  // 1040 is closer to 1030 than 1000 is, but belongs to 1041.
  assert.deepEqual(qrs(beats(1030, 1041), beats(1000, 1040)), [2, 0, 0]);
});

test('jitter within the window and labels kept: every beat found, every class right', () => {
  fc.assert(
    fc.property(rhythm, fc.infiniteStream(fc.integer({ min: -WINDOW, max: WINDOW })), (reference, jitter) => {
      const found = reference.map((beat) => ({ ...beat, sample: beat.sample + (jitter.next().value ?? 0) }));
      const { matrix } = compare(reference, found);
      assert.equal(total(matrix), reference.length);
      for (const [row, counts] of matrix.entries()) {
        for (const [column, count] of counts.entries()) assert.ok(row === column || count === 0);
      }
    }),
  );
});

test('drops are misses, and nothing else', () => {
  fc.assert(
    fc.property(rhythm, fc.infiniteStream(fc.boolean()), (reference, keep) => {
      const found = reference.filter(() => keep.next().value === true);
      assert.deepEqual(qrs(reference, found), [found.length, reference.length - found.length, 0]);
    }),
  );
});

test('insertions are extra beats, and nothing else', () => {
  fc.assert(
    fc.property(rhythm, fc.infiniteStream(fc.boolean()), (reference, insert) => {
      const inserted = reference
        .filter(() => insert.next().value === true)
        .map(({ sample }) => mark(sample + WINDOW + 1));
      const found = [...reference, ...inserted].sort((a, b) => a.sample - b.sample);
      assert.deepEqual(qrs(reference, found), [reference.length, 0, inserted.length]);
    }),
  );
});

test('label flips move a count along its row, and detection does not change', () => {
  fc.assert(
    fc.property(rhythm, fc.infiniteStream(fc.constantFrom(...'NSVFQ')), (reference, labels) => {
      const found = reference.map((beat) => mark(beat.sample, labels.next().value ?? 'N'));
      const { matrix } = compare(reference, found);
      const same = compare(reference, reference).matrix;
      for (const [row, counts] of matrix.entries()) {
        assert.equal(
          counts.reduce((sum, count) => sum + count, 0),
          same[row]?.reduce((sum, count) => sum + count, 0),
        );
      }
      assert.deepEqual(qrs(reference, found), [reference.length, 0, 0]);
    }),
  );
});

test('whatever comes in, every reference beat is counted once', () => {
  const positions = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 40 });
  const ascending = (samples: number[]) => beats(...samples.sort((a, b) => a - b));
  fc.assert(
    fc.property(positions, positions, (one, other) => {
      const reference = ascending(one);
      const found = ascending(other);
      const [tp = 0, fn = 0, fp = 0] = qrs(reference, found);
      assert.equal(tp + fn, reference.length);
      assert.equal(tp + fp, found.length);
      for (const pair of compare(reference, found).pairs) {
        if (pair.reference && pair.test) {
          assert.ok(Math.abs(pair.reference.sample - pair.test.sample) <= WINDOW);
        }
      }
    }),
  );
});

test('flutter brackets: reference beats inside are not read, extra test beats not counted', () => {
  const reference = [mark(1000), mark(2000, '['), mark(2500, '!'), mark(3000), mark(4000, ']'), mark(5000)];
  assert.deepEqual(qrs(reference, beats(1000, 2000, 2500, 3000, 4000, 5000)), [2, 0, 0]);
  assert.deepEqual(qrs(reference, beats(1000, 4001, 5000)), [2, 0, 1]);
  // An episode that is never closed lasts to the end.
  assert.deepEqual(qrs([mark(1000), mark(2000, '['), mark(3000)], beats(1000, 3000, 9000)), [1, 0, 0]);
  // Brackets in the test hide its beats, and the reference's are missed.
  assert.deepEqual(
    qrs(beats(1000, 3000), [mark(1000), mark(2000, '['), mark(3000), mark(4000, ']')]),
    [1, 1, 0],
  );
});

test('a flutter wave outside brackets is a place without a beat', () => {
  const { matrix } = compare([mark(1000, '!'), mark(2000, '!')], [mark(1000, 'V')]);
  assert.equal(matrix[5]?.[2], 1);
  assert.equal(total(matrix), 1);
});

test('shutdown marks: misses and extras inside are X, and end with the next clear mark', () => {
  const shutdown = [mark(1500, '~', 0x30), mark(2500, '~', 0x30), mark(3500, '~', 0x10)];
  const missed = compare(beats(1000, 2000, 3000, 4000), [mark(1000), ...shutdown]).matrix;
  assert.deepEqual([missed[0]?.[5], missed[0]?.[6]], [1, 2]);
  const extra = compare([mark(1000), ...shutdown], beats(1000, 2000, 3000, 4000)).matrix;
  assert.deepEqual([extra[5]?.[0], extra[6]?.[0]], [1, 2]);
  // -1, as MIT's own files have it, has both bits too; a shutdown that never ends lasts to the end.
  assert.equal(compare(beats(1000, 9000), [mark(1000), mark(1500, '~', -1)]).matrix[0]?.[6], 1);
  // What was found inside a shutdown is found.
  assert.deepEqual(qrs(beats(2000), [mark(1500, '~', 0x30), mark(2000)]), [1, 0, 0]);
});

test('the start of the period: nothing before counts, and the beat on the border is nobody’s fault', () => {
  const start = inside.fromSample;
  assert.deepEqual(qrs(beats(500, start + 500), beats(900, start + 500), inside), [1, 0, 0]);
  // The last test beat before the start belongs to the first reference beat after it.
  assert.deepEqual(qrs(beats(start + 10), beats(start - 10), inside), [1, 0, 0]);
  // A test beat just after the start whose reference beat came before it.
  assert.deepEqual(qrs(beats(start - 5, start + 300), beats(start + 5, start + 300), inside), [1, 0, 0]);
  // From 0:00 there is no border.
  assert.deepEqual(qrs(beats(300), beats(5, 300)), [1, 0, 1]);
});

test('beats after the end do not count', () => {
  const short = { ...period, endSample: 2000 };
  assert.deepEqual(qrs(beats(1000, 2500), beats(1000, 2500), short), [1, 0, 0]);
});

test('escape beats are ectopic for EC57, normal for de Chazal', () => {
  const list = [mark(1000, 'e'), mark(2000, 'j'), mark(3000, 'n'), mark(4000, 'A')];
  assert.equal(compareBeats(list, list, period).matrix[1]?.[1], 4);
  const other = compareBeats(list, list, period, 'normal').matrix;
  assert.deepEqual([other[0]?.[0], other[1]?.[1]], [2, 2]);
});

test('another rate: the window is 150 ms of it', () => {
  const slow = { ...period, rateHz: 128 };
  assert.deepEqual(qrs(beats(1000), beats(1019), slow), [1, 0, 0]);
  assert.deepEqual(qrs(beats(1000), beats(1020), slow), [0, 1, 1]);
});

test('beats and shutdowns as a program counts them that reads both files once, one beat ahead', () => {
  const kind = fc.constantFrom('N', 'N', 'N', 'N', 'shut', 'clear', 'rhythm');
  const list = fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), kind), { maxLength: 40 });
  const annotationsOf = (steps: readonly (readonly [number, string])[]): Annotation[] => {
    let sample = 100;
    const made = steps.map(([distance, what]) => {
      // Beats are no closer than a heart's.
      sample += what === 'N' ? distance + 120 : distance;
      if (what === 'shut') return mark(sample, '~', 0x30);
      if (what === 'clear') return mark(sample, '~', 0);
      return mark(sample, what === 'N' ? 'N' : '+');
    });
    return [...made, mark(sample + 1, '~', 0)];
  };
  fc.assert(
    fc.property(list, list, (reference, tested) => {
      const [a, b] = [annotationsOf(reference), annotationsOf(tested)];
      const end = 20_000;
      const { matrix } = compareBeats(a, b, { rateHz: 360, fromSample: 0, endSample: end });
      const expected = countPairs(a, b, matchWindowSamples(360), end);
      assert.deepEqual(
        { paired: matrix[0]![0], o: matrix[0]![5], x: matrix[0]![6], O: matrix[5]![0], X: matrix[6]![0] },
        expected,
      );
    }),
    { numRuns: 500 },
  );
});
