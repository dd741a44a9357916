import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readUsers, userLine } from '@rhythmd/daemon/sink/mqtt/users.ts';

async function fileOf(t: TestContext, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'users-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'users'), text);
  return join(folder, 'users');
}

for (const [what, text] of [
  ['nothing', ''],
  ['comments only', '# nobody\n\n'],
  ['a plain password', 'nurse:secret\n'],
  ['a hash that is cut', `nurse:${'a'.repeat(32)}:${'b'.repeat(63)}\n`],
] as const) {
  test(`a file of users is refused: ${what}`, async (t) => {
    const path = await fileOf(t, text);
    await assert.rejects(readUsers(path), { code: 'E_BROKER_USERS' });
  });
}

test('a file that is not there is refused', async () => {
  await assert.rejects(readUsers('/nowhere/users'), { code: 'E_BROKER_USERS' });
});

for (const [name, password] of [
  ['', 'x'],
  ['a:b', 'x'],
  ['#a', 'x'],
  ['a b', 'x'],
  ['a', ''],
] as const) {
  test(`no user ${JSON.stringify(name)} with password ${JSON.stringify(password)}`, async () => {
    await assert.rejects(userLine(name, password), { code: 'E_BROKER_USERS' });
  });
}

test('the right password, and no other', async (t) => {
  const check = await readUsers(await fileOf(t, `${await userLine('nurse', 'pässword')}\n`));
  assert.equal(await check('nurse', 'pässword'), true);
  assert.equal(await check('nurse', 'password'), false);
  assert.equal(await check('nurse', ''), false);
  assert.equal(await check('doctor', 'pässword'), false);
});
