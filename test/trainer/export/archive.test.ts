import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { archive } from '@rhythmd/trainer/export/archive.ts';
import { strToU8, unzipSync } from 'fflate';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-archive-'));
after(() => rmSync(folder, { recursive: true }));

const members = {
  'model.onnx': Uint8Array.from({ length: 300_000 }, (_, i) => (i % 11 === 0 ? i >> 7 : 0)),
  'card.json': strToU8('{}\n'),
};

test('what is put in comes out, by the library that the daemon reads archives with', () => {
  const unzipped = unzipSync(archive(members));
  assert.deepEqual(Object.keys(unzipped), ['model.onnx', 'card.json']);
  assert.deepEqual(unzipped['model.onnx'], members['model.onnx']);
  assert.deepEqual(unzipped['card.json'], members['card.json']);
});

test('and by another reader, which checks sums and headers', { skip: missingPython() }, () => {
  const path = join(folder, 'model.zip');
  writeFileSync(path, archive(members));
  const script = 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist())';
  const said = execFileSync('python3', ['-c', script, path], { encoding: 'utf8' });
  assert.equal(said.trim(), "None ['model.onnx', 'card.json']");
});

test('the same members give the same bytes, an empty one too', () => {
  const empty = { 'model.onnx': new Uint8Array(0) };
  assert.deepEqual(archive(empty), archive(empty));
  assert.deepEqual(unzipSync(archive(empty))['model.onnx'], new Uint8Array(0));
});

function missingPython(): string | false {
  return spawnSync('python3', ['--version']).status === 0 ? false : 'no python3 here';
}
