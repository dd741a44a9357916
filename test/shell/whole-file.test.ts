import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FILE_MODE } from '@rhythmd/shell/permissions.ts';
import { removeLeftovers, writeWholeFile, writeWholeFileSync } from '@rhythmd/shell/whole-file.ts';

const root = mkdtempSync(join(tmpdir(), 'rhythmd-whole-'));
after(() => rmSync(root, { recursive: true }));
const path = join(root, 'file');

test('the new file takes the place of the old one, with nothing left beside it', async () => {
  writeWholeFileSync(path, ['a much longer text than what comes']);
  writeWholeFileSync(path, ['one ', Buffer.from('file')], { mode: FILE_MODE });
  assert.equal(readFileSync(path, 'utf8'), 'one file');
  assert.equal(statSync(path).mode & 0o777, FILE_MODE);
  await writeWholeFile(path, 'another', { sync: false });
  assert.equal(readFileSync(path, 'utf8'), 'another');
  assert.deepEqual(readdirSync(root), ['file']);
});

test('a writer that fails halfway leaves the old file', async () => {
  writeWholeFileSync(path, ['old']);
  const parts = function* () {
    yield 'half';
    throw new Error('no more');
  };
  assert.throws(() => writeWholeFileSync(path, parts()), /no more/);
  await assert.rejects(writeWholeFile(join(root, 'no-such-folder', 'file'), 'x'), { code: 'ENOENT' });
  assert.equal(readFileSync(path, 'utf8'), 'old');
  assert.deepEqual(readdirSync(root), ['file']);
});

test('what killed writers left is removed, and nothing else', () => {
  writeWholeFileSync(path, ['whole']);
  const others = ['file.tmp', 'file.1.tmp.kept', 'other.1.tmp', 'xfile.1.tmp', 'file.a.tmp'];
  for (const name of [...others, 'file.1.tmp', 'file.99999.tmp']) writeFileSync(join(root, name), '');
  removeLeftovers(path);
  assert.deepEqual(readdirSync(root).sort(), ['file', ...others].sort());
  for (const name of others) rmSync(join(root, name));
  removeLeftovers(join(root, 'no-such-folder', 'file'));
});
