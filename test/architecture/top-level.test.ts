/** The top level is the first thing a newcomer reads: what a profiler or a run leaves there is not committed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { repositoryRoot } from '../support/needs.ts';

const FOLDERS =
  '.ci config daemon docs ecg firmware-sim models monitor protocol records shell test trainer'.split(' ');
const DOCUMENTS = [
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
];
const SETTINGS = ['.gitattributes', '.gitignore', '.npmrc', 'biome.json', 'knip.json', 'tsconfig.json'];
const PACKAGE = ['package-lock.json', 'package.json'];

const listed = spawnSync('git', ['ls-files'], { cwd: repositoryRoot, encoding: 'utf8' });

test('nothing is at the top level but what is meant to be there', {
  skip: listed.status === 0 ? false : 'not a git checkout',
}, () => {
  const top = new Set(listed.stdout.split('\n').map((path) => path.split('/')[0] ?? ''));
  top.delete('');
  const known = [...FOLDERS, ...DOCUMENTS, ...SETTINGS, ...PACKAGE];
  assert.deepEqual(
    [...top].filter((name) => !known.includes(name)),
    [],
    'move it to its room, or name it here',
  );
  assert.deepEqual(
    known.filter((name) => !top.has(name)),
    [],
  );
});
