/** A figure is published only when its row is whole and follows from what was counted. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseResult } from '@rhythmd/trainer/evaluate/result-check.ts';
import { resultFileName } from '@rhythmd/trainer/evaluate/result-row.ts';
import { readResults } from '@rhythmd/trainer/evaluate/results.ts';
import { madeUpResult, madeUpResults } from '../../support/made-up-results.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-results-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const row = madeUpResult('mobilenetv2', 'paper', 'quantized+pruned');
const name = resultFileName(row);
const { accuracy: _, ...withoutAccuracy } = row;
const broken: [string, string, RegExp][] = [
  ['nothing', '', /is no JSON/],
  ['half a file', JSON.stringify(row).slice(0, 200), /is no JSON/],
  ['a list', '[]', /holds no row/],
  ['null', 'null', /holds no row/],
  ['an unknown network', JSON.stringify({ ...row, network: 'vgg' }), /network "vgg".*beatnet/],
  ['an unknown method', JSON.stringify({ ...row, method: 'shrunk' }), /method "shrunk".*low-rank/],
  ['an unknown protocol', JSON.stringify({ ...row, protocol: 'mine' }), /protocol "mine".*patient-separated/],
  ['no accuracy', JSON.stringify(withoutAccuracy), /no accuracy.*missing/],
  ['an accuracy in per cent', JSON.stringify({ ...row, accuracy: 98.4 }), /no accuracy from 0 to 1: 98.4/],
  ['a typed accuracy', JSON.stringify({ ...row, accuracy: 0.99 }), /confusion matrix does not give/],
  ['a typed recall', JSON.stringify({ ...row, recall: 0.5 }), /recall.*confusion matrix does not give/],
  ['a size as text', JSON.stringify({ ...row, archiveBytes: '0.5 MB' }), /no archiveBytes/],
  ['a negative time', JSON.stringify({ ...row, millisecondsPerBeat: -1 }), /millisecondsPerBeat/],
  ['an agreement above 1', JSON.stringify({ ...row, agreementWithFake: 99.9 }), /agreementWithFake/],
  ['no metrics', JSON.stringify({ ...row, metrics: undefined }), /no confusion matrix/],
  ['five classes', JSON.stringify({ ...row, metrics: { confusion: [[1, 2, 3, 4, 5]] } }), /6 x 6/],
  ['a curve of words', JSON.stringify({ ...row, learning: ['up'] }), /learning curve/],
  [
    'a count without memory',
    JSON.stringify({ ...row, onDevices: { instructions: null } }),
    /count of devices/,
  ],
  ['another row', JSON.stringify({ ...row, network: 'resnet50' }), /holds the row of resnet50-paper/],
];

for (const [what, text, expected] of broken) {
  test(`${what} is refused, with the file's name`, () => {
    assert.throws(() => parseResult(text, name), { code: 'E_RESULT_BROKEN', message: expected });
    assert.throws(() => parseResult(text, name), { message: /^mobilenetv2-paper-quantized-pruned\.json / });
  });
}

test('whole rows come back as they were written, with and without what is optional', () => {
  for (const written of madeUpResults()) {
    assert.deepEqual(parseResult(JSON.stringify(written), resultFileName(written)), written);
  }
  const unasked = { ...row, instructionsPerBeat: null };
  assert.equal(parseResult(JSON.stringify(unasked), name).instructionsPerBeat, null);
  const counted = { ...row, onDevices: { memoryBytes: 1, instructions: { a53: 1, arm1176: 2 } } };
  assert.deepEqual(parseResult(JSON.stringify(counted), name), counted);
});

test('a folder with a broken file is refused, one without files is empty, as is none', () => {
  assert.deepEqual(readResults(join(folder, 'not there')), []);
  assert.deepEqual(readResults(folder), []);
  writeFileSync(join(folder, name), JSON.stringify(row));
  writeFileSync(join(folder, 'notes.txt'), 'no result');
  assert.deepEqual(readResults(folder), [row]);
  writeFileSync(join(folder, 'beatnet-paper-none.json'), '{');
  assert.throws(() => readResults(folder), { code: 'E_RESULT_BROKEN', message: /^beatnet-paper-none\.json/ });
});
