/** The same 384 matrices that WFDB's `bxb` gave for four peers' annotation files. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type ConfusionMatrix, compareBeats, STANDARD_START_S } from '@rhythmd/ecg/ec57/compare-beats.ts';
import { findBesideRecords } from '@rhythmd/records/folders.ts';
import { MITDB_RECORDS } from '@rhythmd/records/mitdb.ts';
import { readAnnotationFile, readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readHeader } from '@rhythmd/records/read-record.ts';
import { needsFile, needsRecord } from '../../support/needs.ts';

const ANNOTATORS = ['gqrs', 'ofl1', 'wqrs', 'pantom'] as const;
type Matrices = Record<string, Record<string, ConfusionMatrix>>;

const matricesPath = findBesideRecords('ec57/matrices.json');
const needs = { ...needsRecord(...MITDB_RECORDS), ...needsFile(matricesPath, 'ec57/matrices.json') };

test('384 matrices: four annotators, 48 records, from 5:00 and from 0:00', needs, () => {
  const expected = JSON.parse(readFileSync(matricesPath!, 'utf8')) as Record<string, Matrices>;
  let compared = 0;
  for (const name of MITDB_RECORDS) {
    const { rateHz, sampleCount } = readHeader(name);
    const reference = readAnnotations(name, 'atr');
    for (const annotator of ANNOTATORS) {
      const annotations = readAnnotationFile(findBesideRecords(`ec57/annotations/${name}.${annotator}`)!);
      for (const [set, fromS] of [
        ['from_5_00', STANDARD_START_S],
        ['from_0_00', 0],
      ] as const) {
        const period = { rateHz, fromSample: fromS * rateHz, endSample: sampleCount! };
        const { matrix } = compareBeats(reference, annotations, period);
        assert.deepEqual(matrix, expected[set]?.[annotator]?.[name], `${name} ${annotator} ${set}`);
        compared++;
      }
    }
  }
  assert.equal(compared, 384);
});
