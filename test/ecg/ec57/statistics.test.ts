import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareBeats, STANDARD_START_S } from '@rhythmd/ecg/ec57/compare-beats.ts';
import { averageOf, statisticsOf, sumMatrices } from '@rhythmd/ecg/ec57/statistics.ts';
import { DS2_RECORDS, MITDB_RECORDS, PACED_RECORDS } from '@rhythmd/records/mitdb.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readHeader } from '@rhythmd/records/read-record.ts';
import { needsRecord } from '../../support/needs.ts';

/** Every cell another power of two, so that a sum says which cells are in it. */
const MATRIX = Array.from({ length: 7 }, (_, row) =>
  Array.from({ length: row < 5 ? 7 : 5 }, (_, column) => 2 ** (7 * row + column)),
);
const cells = (...names: string[]) =>
  names.reduce((sum, name) => sum + 2 ** (7 * 'NSVFQOX'.indexOf(name[0]!) + 'nsvfqox'.indexOf(name[1]!)), 0);

test('every statistic is made of the cells EC57 names', () => {
  const { qrs, veb, sveb, missedInShutdown } = statisticsOf(MATRIX);
  const rows = (reference: string, columns: string) =>
    [...reference].flatMap((row) => [...columns].map((column) => row + column));
  assert.equal(qrs.tp, cells(...rows('NSVFQ', 'nsvfq')));
  assert.equal(qrs.fn, cells(...rows('NSVFQ', 'ox')));
  assert.equal(qrs.fp, cells(...rows('OX', 'nsvfq')));
  assert.equal(veb.tp, cells('Vv'));
  assert.equal(veb.fn, cells(...rows('V', 'nsfqox')));
  assert.equal(veb.fp, cells('Nv', 'Sv', 'Ov', 'Xv'));
  assert.equal(veb.tn, cells(...rows('NSFQOX', 'nsfq')));
  assert.equal(sveb.tp, cells('Ss'));
  assert.equal(sveb.fn, cells(...rows('S', 'nvfqox')));
  assert.equal(sveb.fp, cells('Ns', 'Vs', 'Fs', 'Os', 'Xs'));
  assert.equal(sveb.tn, cells(...rows('NVFQOX', 'nvfq')));
  assert.equal(missedInShutdown, cells('Nx', 'Sx', 'Vx', 'Fx', 'Qx'));
});

test('nothing to divide by is unknown, not zero', () => {
  const { qrs, veb } = statisticsOf(sumMatrices([]));
  assert.deepEqual([qrs.se, qrs.pp, veb.se, veb.fpr], [null, null, null, null]);
});

test('the average counts every record alike and leaves out those without the class', () => {
  const empty = sumMatrices([]).map((row) => [...row]);
  const one = empty.map((row) => [...row]);
  one[2]![2] = 90;
  one[2]![0] = 10;
  const other = empty.map((row) => [...row]);
  other[2]![2] = 1;
  other[2]![0] = 1;
  const records = [one, other, empty].map(statisticsOf);
  assert.equal(averageOf(records).veb.se, (0.9 + 0.5) / 2);
  assert.equal(statisticsOf(sumMatrices([one, other, empty])).veb.se, 91 / 102);
});

test('the totals of the database (the reference against itself)', needsRecord(...MITDB_RECORDS), () => {
  const unpaced = MITDB_RECORDS.filter((name) => !PACED_RECORDS.includes(name));
  const totals = (names: readonly string[], fromS: number, escapeBeats: 'ectopic' | 'normal' = 'ectopic') => {
    const matrices = names.map((name) => {
      const { rateHz, sampleCount } = readHeader(name);
      const reference = readAnnotations(name, 'atr');
      const period = { rateHz, fromSample: fromS * rateHz, endSample: sampleCount! };
      return compareBeats(reference, reference, period, escapeBeats).matrix;
    });
    const { qrs, veb, sveb } = statisticsOf(sumMatrices(matrices));
    return [qrs.tp, veb.tp, sveb.tp, qrs.fn + qrs.fp];
  };
  assert.deepEqual(totals(MITDB_RECORDS, STANDARD_START_S).slice(0, 2), [91_285, 6_101]);
  assert.deepEqual(totals(unpaced, STANDARD_START_S), [83_978, 5_900, 2_745, 0]);
  assert.equal(totals(MITDB_RECORDS, 0)[0], 109_494);
  assert.equal(totals(unpaced, 0)[0], 100_733);
  assert.deepEqual(totals(DS2_RECORDS, 0), [49_712, 3_221, 2_050, 0]);
  assert.equal(totals(DS2_RECORDS, 0, 'normal')[2], 1_837);
});
