import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRuns, runRatios, sumRuns } from '@rhythmd/ecg/ec57/runs.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { codeOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { MITDB_RECORDS } from '@rhythmd/records/mitdb.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { needsRecord } from '../../support/needs.ts';

const period = { rateHz: 360, fromSample: 0, endSample: 1_000_000 };

/** One beat every 300 samples; a dot is a place without one. `(...)` texts are rhythm changes. */
const rhythm = (letters: string, shift = 0): Annotation[] =>
  [...letters].flatMap((mnemonic, i) =>
    mnemonic === '.'
      ? []
      : [
          {
            sample: 1000 + 300 * i + shift,
            code: codeOf(mnemonic)!,
            subtype: mnemonic === '~' ? 0x30 : 0,
            channel: 0,
            num: 0,
            aux: null,
          },
        ],
  );
const ventricular = (reference: string, found: string, shift = 0) =>
  compareRuns(rhythm(reference), rhythm(found, shift), period, 'ventricular');
const numbers = ({ found, missed, confirmed, spurious }: ReturnType<typeof ventricular>['couplets']) => [
  found,
  missed,
  confirmed,
  spurious,
];

test('nothing to compare', () => {
  const { couplets } = ventricular('', '');
  assert.deepEqual(numbers(couplets), [0, 0, 0, 0]);
  assert.deepEqual(runRatios(couplets), { se: null, pp: null });
});

test('couplets, short and long runs found, with jitter', () => {
  const letters = 'NNVVNNVVVNNVVVVVVVNN';
  const { couplets, shortRuns, longRuns } = ventricular(letters, letters, 40);
  assert.deepEqual(
    [couplets, shortRuns, longRuns].map((counts) => numbers(counts)),
    [
      [1, 0, 1, 0],
      [1, 0, 1, 0],
      [1, 0, 1, 0],
    ],
  );
});

test('a run that is too short on one side is missed there, and found one class below on the other', () => {
  // The reference's run of six was seen as a couplet: no long run found, but the couplet is true.
  const { couplets, longRuns } = ventricular('NVVVVVVN', 'NVVNNNNN');
  assert.deepEqual(numbers(longRuns), [0, 1, 0, 0]);
  assert.deepEqual(numbers(couplets), [0, 0, 1, 0]);
});

test('a false run', () => {
  assert.deepEqual(numbers(ventricular('NNNNNN', 'NVVVNN').shortRuns), [0, 0, 0, 1]);
  // A single ectopic beat does not make a couplet true.
  assert.deepEqual(numbers(ventricular('NNVNNN', 'NVVNNN').couplets), [0, 0, 0, 1]);
});

test('a fusion beat is part of a run, a supraventricular one ends it, a shutdown too', () => {
  assert.equal(ventricular('NVFVN', 'NVFVN').shortRuns.found, 1);
  assert.equal(ventricular('NVSVN', 'NVSVN').couplets.found, 0);
  assert.equal(ventricular('NVV~VVN', 'NVV~VVN').couplets.found, 2);
});

test('flutter stands for a long run, on either side', () => {
  assert.equal(ventricular('NN[!!!!]NN', 'NNVVVVVVNN').longRuns.found, 1);
  assert.equal(ventricular('NN[!!!]NN', 'NNNNNNNNN').longRuns.missed, 1);
  assert.equal(ventricular('NVVVVVVVVN', 'NN[....]NN').longRuns.confirmed, 1);
});

test('supraventricular runs, and atrial fibrillation as a long one', () => {
  const compare = (reference: Annotation[], found: Annotation[]) =>
    compareRuns(reference, found, period, 'supraventricular');
  assert.equal(compare(rhythm('NAAN'), rhythm('NSSN')).couplets.found, 1);
  const fibrillation: Annotation[] = [
    { sample: 1200, code: codeOf('+')!, subtype: 0, channel: 0, num: 0, aux: '(AFIB' },
    ...rhythm('NNNNNNNN').filter(({ sample }) => sample > 1200),
  ];
  assert.equal(compare(fibrillation, rhythm('NNNNNNNN')).longRuns.missed, 1);
  assert.equal(compare(fibrillation, fibrillation).longRuns.found, 1);
});

test(
  'the reference against itself: every run of the database is found',
  needsRecord(...MITDB_RECORDS),
  () => {
    const all = sumRuns(
      MITDB_RECORDS.map((name) => {
        const reference = readAnnotations(name, 'atr');
        const within = { rateHz: 360, fromSample: 108_000, endSample: 650_000 };
        return compareRuns(reference, reference, within, 'ventricular');
      }),
    );
    for (const counts of [all.couplets, all.shortRuns, all.longRuns]) {
      assert.ok(counts.found > 0 && counts.found === counts.confirmed);
      assert.equal(counts.missed + counts.spurious, 0);
    }
  },
);
