import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeFolder, writeAtomically } from '@rhythmd/trainer/files.ts';
import { needsFile } from '../support/needs.ts';

const root = mkdtempSync(join(tmpdir(), 'rhythmd-files-'));
after(() => rmSync(root, { recursive: true, force: true }));

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test('a full disk leaves the file before, and nothing beside it', needsFile('/dev/full', '/dev/full'), () => {
  const folder = join(root, 'full');
  makeFolder(folder);
  const path = join(folder, 'kept');
  writeFileSync(path, 'before');
  // Where it is written first: the kernel says of every byte that there is no room.
  symlinkSync('/dev/full', `${path}.${process.pid}.tmp`);
  assert.throws(() => writeAtomically(path, [bytesOf('after')]), {
    code: 'E_DISK_FULL',
    message: `no room for ${path}`,
    fix: /RHYTHMD_TRAINING_FOLDER/,
  });
  assert.equal(readFileSync(path, 'utf8'), 'before');
  assert.deepEqual(readdirSync(folder), ['kept']);
});

test("a folder that is not there, a file in a folder's place", () => {
  assert.throws(() => writeAtomically(join(root, 'nowhere/file'), []), { code: 'E_FILE_WRITE' });
  writeFileSync(join(root, 'file'), 'kept');
  assert.throws(() => makeFolder(join(root, 'file')), { code: 'E_FILE_WRITE' });
  assert.throws(() => makeFolder(join(root, 'file/below')), { code: 'E_FILE_WRITE' });
  assert.equal(readFileSync(join(root, 'file'), 'utf8'), 'kept');
});

test('the parts become one file in the place of the old one', () => {
  const path = join(root, 'whole');
  writeFileSync(path, 'a much longer text than what comes');
  writeAtomically(path, [bytesOf('one '), new Uint8Array(), bytesOf('file')]);
  assert.equal(readFileSync(path, 'utf8'), 'one file');
  assert.deepEqual(
    readdirSync(root).filter((name) => name.endsWith('.tmp')),
    [],
  );
});
