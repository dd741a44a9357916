import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DS1_RECORDS, DS2_RECORDS, MITDB_RECORDS } from '@rhythmd/records/mitdb.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { type Dataset, readImage } from '@rhythmd/trainer/data/dataset.ts';
import { buildBeats, makeDataset } from '@rhythmd/trainer/data/make-dataset.ts';
import { splitOf } from '@rhythmd/trainer/data/splits.ts';
import { openDataset } from '@rhythmd/trainer/data/store.ts';
import { verifyDataset } from '@rhythmd/trainer/data/verify-dataset.ts';
import { needsRecord } from '../../support/needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-dataset-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('a missing record is named, with the way to get it', () => {
  const recipe = { normalisation: 'record', channels: 'replicated', leads: 'upper' } as const;
  assert.throws(() => makeDataset(recipe, ['no-such-record']), { code: 'E_RECORD_NOT_FOUND' });
});

test(
  'all 48 records: 109,494 beats with the counts of the paper; stored and read back the same',
  needsRecord('100', '234'),
  () => {
    const recipe = { normalisation: 'record', channels: 'replicated', leads: 'upper' } as const;
    const made = openDataset(folder, recipe);
    const counts = [0, 0, 0, 0, 0, 0];
    for (const label of made.label) counts[label]!++;
    assert.deepEqual(counts, [75_052, 7130, 803, 7028, 982, 18_499]);
    assert.ok(made.images.byteLength < 1e9);

    const read = openDataset(folder, recipe, () => assert.fail('made again'));
    assert.deepEqual(read.sample, made.sample);
    assert.deepEqual(read.record, made.record);
    assert.deepEqual(read.images.subarray(5_000_000, 5_100_000), made.images.subarray(5_000_000, 5_100_000));
    checkSplits(read);
  },
);

test(
  'a stored data set is verified against its records: another image is named with its record',
  needsRecord('100'),
  () => {
    const recipe = { normalisation: 'running', channels: 'replicated', leads: 'upper' } as const;
    const made = makeDataset(recipe, ['100']);
    verifyDataset(made);
    const images = made.images.slice();
    images[5000]! += 1;
    assert.throws(() => verifyDataset({ ...made, images }), {
      code: 'E_DATASET_DIFFERS',
      message: /record 100 gives another image/,
    });
    const records = [{ ...made.records[0]!, signalSha256: 'of another file' }];
    assert.throws(() => verifyDataset({ ...made, records }), { message: /record 100 has another signal/ });
  },
);

function checkSplits(dataset: Dataset): void {
  const paper = splitOf(dataset, 'paper', 1, null);
  assert.deepEqual(
    [paper.train.length, paper.validation.length, paper.test.length],
    [61_590, 20_530, 27_374],
  );
  const seen = new Set([...paper.train, ...paper.validation, ...paper.test]);
  assert.equal(seen.size, dataset.count);
  assert.deepEqual(splitOf(dataset, 'paper', 1, null).test, paper.test);
  assert.notDeepEqual(splitOf(dataset, 'paper', 2, null).test, paper.test);

  const namesOf = (beats: Uint32Array): Set<string> =>
    new Set(Array.from(beats, (beat) => MITDB_RECORDS[dataset.record[beat]!]!));
  const separated = splitOf(dataset, 'patient-separated', 1, null);
  assert.deepEqual([...namesOf(separated.train)], [...DS1_RECORDS]);
  assert.deepEqual([...namesOf(separated.test)], [...DS2_RECORDS]);
  assert.equal(separated.test.length, 49_712);
  const heldOut = new Set<string>();
  for (let fold = 0; fold < 5; fold++) {
    const { train, validation } = splitOf(dataset, 'patient-separated', 1, fold);
    for (const name of namesOf(validation)) {
      assert.ok(!namesOf(train).has(name), `${name} is on both sides of fold ${fold}`);
      heldOut.add(name);
    }
  }
  assert.deepEqual([...heldOut].sort(), [...DS1_RECORDS]);
}

test(
  'both leads: the second of DS1 trains and is never judged; images equal those of the builder',
  needsRecord('208', '100'),
  () => {
    const recipe = { normalisation: 'running', channels: 'beat-typical-rhythm', leads: 'both' } as const;
    const dataset = makeDataset(recipe, ['100', '208']);
    const [beats100, beats208] = dataset.records.map(({ beats }) => beats) as [number, number];
    assert.equal(dataset.count, beats100 + 2 * beats208);
    const separated = splitOf(dataset, 'patient-separated', 1, null);
    assert.equal(separated.train.length, 2 * beats208);
    assert.ok(separated.test.every((beat) => dataset.lead[beat] === 0));
    assert.equal(
      splitOf(dataset, 'paper', 1, null).train.some((beat) => dataset.lead[beat] === 1),
      false,
    );

    const peaks = [...dataset.sample.subarray(beats100 + beats208)];
    let beat = beats100 + beats208;
    const read = new Float32Array(3 * 1296);
    buildBeats(readRecord('208').leads[1]!, null, peaks, recipe, ({ image }) => {
      if (beat % 100 === 0) {
        readImage(dataset, beat, read, 0);
        for (let i = 0; i < read.length; i++) assert.ok(Math.abs(read[i]! - image[i]!) <= 0.0005 + 1e-6);
      }
      beat++;
    });
  },
);
