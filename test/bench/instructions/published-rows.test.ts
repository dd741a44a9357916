import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { ResultRow } from '@rhythmd/trainer/evaluate/result-row.ts';
import { archive } from '@rhythmd/trainer/export/archive.ts';
import { modelCard } from '@rhythmd/trainer/export/card.ts';
import { recipeFor } from '@rhythmd/trainer/presets/catalog.ts';
import { madeUpResult } from '../../support/made-up-results.ts';
import { modelOfRow, modelPathOf, modelsIn } from './published-rows.ts';

const recipe = recipeFor('mobilenetv2', 'paper');
const bytes = new TextEncoder().encode('no model, but as long as one');
const row = madeUpResult('mobilenetv2', 'paper', 'pruned', {
  fileBytes: bytes.length,
  details: { recipe: { ...recipe, compression: { method: 'pruned', from: 'none' } } },
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rhythmd-rows-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What a run of `of` leaves in an archive of its own. */
function put(of: ResultRow, onnx = bytes, name = 'model.zip'): string {
  const card = modelCard({ version: '1.0.0', recipe, bytes, row: of, other: null });
  const members = { 'model.onnx': onnx, 'card.json': new TextEncoder().encode(JSON.stringify(card)) };
  const path = join(folder, name);
  writeFileSync(path, archive(members));
  return path;
}

test('a row without a model file has none', async () => {
  assert.equal(await modelOfRow(row, [join(folder, 'gone.zip')]), null);
});

test('a damaged archive, and a file that is not its card\u2019s, are no model of a row', async () => {
  const damaged = join(folder, 'damaged.zip');
  writeFileSync(damaged, 'PK');
  const other = put(row, bytes.toReversed());
  assert.equal(await modelOfRow(row, [damaged, other]), null);
});

test('neither is one of another length, network, protocol, or with other figures', async () => {
  for (const [i, changed] of [
    { ...row, network: 'efficientnetb0' },
    { ...row, metrics: { ...row.metrics, accuracy: row.accuracy - 0.001 } },
    madeUpResult('mobilenetv2', 'patient-separated', 'pruned'),
  ].entries()) {
    assert.equal(await modelOfRow(row, [put(changed, bytes, `${i}.zip`)]), null);
  }
  assert.equal(await modelOfRow({ ...row, fileBytes: row.fileBytes + 1 }, [put(row)]), null);
});

test('the one of its length with its figures is, wherever it lies', async () => {
  const path = put(row);
  const model = await modelOfRow(row, [join(folder, 'gone.zip'), path]);
  assert.equal(model?.path, path);
  assert.deepEqual(model?.onnx, bytes);
});

test('where a run leaves it: a folder of its own, or an archive named after the method', () => {
  assert.match(modelPathOf(row), /runs\/mobilenetv2-paper-seed1-pruned\/mobilenetv2-pruned\.zip$/);
  assert.match(modelPathOf({ ...row, details: { recipe } }), /runs\/mobilenetv2-paper-seed1$/);
});

test('models are folders and archives', () => {
  mkdirSync(join(folder, 'beatnet'));
  put(row);
  writeFileSync(join(folder, 'README.md'), '');
  assert.deepEqual(modelsIn(folder), [join(folder, 'beatnet'), join(folder, 'model.zip')]);
});
