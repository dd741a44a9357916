/** What EDF+ asks of a writer: lengths of data records, labels, dates, lists in a fixed room. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAnnotationLists } from '@rhythmd/ecg/edf/annotation-lists.ts';
import { edfLabels, formatEdfHeader } from '@rhythmd/ecg/edf/format-header.ts';
import { ListPacker } from '@rhythmd/ecg/edf/format-lists.ts';
import { recordDuration } from '@rhythmd/ecg/edf/record-duration.ts';
import fc from 'fast-check';

test('a data record of a second where the rate allows it, of another length where not', () => {
  assert.deepEqual(recordDuration(250, 2), { samples: 250, durationS: 1, text: '1' });
  assert.equal(recordDuration(128.5, 1).text, '2');
  assert.equal(recordDuration(360.1, 1).text, '10');
  assert.ok(recordDuration(10_000, 12).samples * 24 <= 61_440);
  assert.throws(() => recordDuration(250, 40_000), { code: 'E_EDF' });
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 5000, noNaN: true }),
      fc.integer({ min: 1, max: 24 }),
      (rateHz, signals) => {
        const { samples, durationS, text } = recordDuration(rateHz, signals);
        assert.ok(text.length <= 8 && Number(text) === durationS);
        assert.ok(Number.isInteger(samples) && samples >= 1 && 2 * samples * signals <= 61_440);
        assert.ok(
          Math.abs(samples / durationS / rateHz - 1) < 1e-5,
          `${rateHz} Hz became ${samples / durationS}`,
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('labels: sixteen characters, no two alike, whatever the names', () => {
  assert.deepEqual(
    edfLabels(['ECG II', 'ECG II', 'ECG Chest lead anterior A', 'ECG Chest lead anterior B']),
    ['ECG II', 'ECG II 2', 'Chest le..rior A', 'Chest le..rior B'],
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('I', 'ECG I', 'a very long name of a lead')), {
        maxLength: 30,
      }),
      (names) => {
        const labels = edfLabels(names);
        assert.equal(new Set(labels).size, names.length);
        for (const label of labels) assert.match(label, /^[\x20-\x7e]{0,16}$/);
      },
    ),
  );
});

test('the short date says yy where two digits cannot say the year', () => {
  const dates = (startMs: number | null) => {
    const bytes = formatEdfHeader({
      startMs,
      equipment: 'x',
      records: 1,
      durationText: '1',
      samples: 1,
      annotationBytes: 64,
      signals: [],
    });
    const text = Buffer.from(bytes).toString('latin1');
    return [text.slice(168, 176), text.slice(88, 110).trim()];
  };
  assert.deepEqual(dates(null), ['01.01.85', 'Startdate X X X x']);
  for (const [year, short] of [
    [1984, 'yy'],
    [1985, '85'],
    [2084, '84'],
    [2085, 'yy'],
    [2137, 'yy'],
  ] as const) {
    assert.deepEqual(dates(Date.UTC(year, 2, 2)), [`02.03.${short}`, `Startdate 02-MAR-${year}`]);
  }
});

test('lists: days of records, and more marks at one moment than a record has room for', () => {
  const long = new ListPacker([{ onsetS: 199_999, durationS: null, text: 'last' }], 200_000, 1, 0.25);
  assert.equal(long.bytes, 64);
  const mark = fc.record({
    onsetS: fc.integer({ min: 0, max: 9 }),
    durationS: fc.constantFrom(null, 0.5),
    text: fc.string({ minLength: 1, maxLength: 30 }).filter((text) => /^[\x20-\x7e]+$/.test(text)),
  });
  fc.assert(
    fc.property(fc.array(mark, { maxLength: 60 }), (marks) => {
      const sorted = marks.sort((a, b) => a.onsetS - b.onsetS);
      const packer = new ListPacker(sorted, 10, 1, 0.5);
      const read = Array.from({ length: 10 }, (_, record) => parseAnnotationLists(packer.pack(record)));
      assert.deepEqual(
        read.map(({ recordOnsetS }) => recordOnsetS),
        Array.from({ length: 10 }, (_, record) => record + 0.5),
      );
      assert.deepEqual(
        read.flatMap(({ annotations }) => annotations),
        sorted.map(({ onsetS, ...rest }) => ({ onsetS: onsetS + 0.5, ...rest })),
      );
    }),
  );
});
