import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readUsers } from '@rhythmd/daemon/sink/mqtt/users.ts';
import { repositoryRoot } from '../../support/needs.ts';

const add = (words: readonly string[], input: string) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'daemon/main.ts', 'broker-user', ...words], {
    cwd: repositoryRoot,
    input,
    encoding: 'utf8',
  });

test('a user is added, changed, and refused without a password', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'broker-user-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'users');
  assert.equal(add([], '').status, 2);
  assert.match(add(['nurse', '--file', file], '').stderr, /E_BROKER_USERS/);
  assert.equal(add(['nurse', '--file', file], 'first\n').status, 0);
  assert.equal(add(['nurse', '--file', file], 'second\n').status, 0);
  assert.equal(readFileSync(file, 'utf8').trim().split('\n').length, 1);
  assert.equal(statSync(file).mode & 0o077, 0);
  const check = await readUsers(file);
  assert.equal(await check('nurse', 'second'), true);
  assert.equal(await check('nurse', 'first'), false);
});
