import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  MAX_FAILED_OF_ADDRESS_PER_MINUTE,
  MAX_FAILED_OF_NAME_PER_MINUTE,
  PasswordDesk,
} from '@rhythmd/daemon/sink/mqtt/password-desk.ts';

function desk() {
  const seen = { checks: 0, atOnce: 0, most: 0 };
  let nowMs = 0;
  const check = async (user: string, password: string) => {
    seen.checks++;
    seen.most = Math.max(seen.most, ++seen.atOnce);
    await new Promise(setImmediate);
    seen.atOnce--;
    if (user === 'broken') throw new Error('no thread');
    return user === 'nurse' && password === 'right';
  };
  const passwords = new PasswordDesk(check, () => nowMs);
  return {
    seen,
    later: (ms: number) => {
      nowMs += ms;
    },
    admit: (user: string, password: string, address = '192.0.2.1') =>
      passwords.admit(address, user, password),
  };
}

test('guessing one name has to wait a minute, and is not even looked at', async () => {
  const { seen, later, admit } = desk();
  for (let i = 0; i < MAX_FAILED_OF_NAME_PER_MINUTE; i++) assert.equal(await admit('nurse', `${i}`), 'wrong');
  assert.equal(await admit('nurse', 'right'), 'wait');
  assert.equal(seen.checks, MAX_FAILED_OF_NAME_PER_MINUTE);
  assert.equal(await admit('nurse', 'right', '192.0.2.9'), 'known', 'elsewhere it is looked at');
  later(61_000);
  assert.equal(await admit('nurse', 'wrong'), 'wrong');
});

test('guessing names has to wait too', async () => {
  const { seen, admit } = desk();
  const answers = new Set<string>();
  for (let i = 0; i < 2 * MAX_FAILED_OF_ADDRESS_PER_MINUTE; i++) answers.add(await admit(`user-${i}`, 'x'));
  assert.deepEqual([...answers], ['wrong', 'wait']);
  assert.equal(seen.checks, MAX_FAILED_OF_ADDRESS_PER_MINUTE);
});

test('who has been known once comes in while others guess, without a check', async () => {
  const { seen, admit } = desk();
  assert.equal(await admit('nurse', 'right'), 'known');
  for (let i = 0; i < 20; i++) await admit('nurse', 'guess');
  const { checks } = seen;
  assert.equal(await admit('nurse', 'right'), 'known');
  assert.equal(seen.checks, checks);
});

test('a thousand at once are checked one after the other, and most are told to wait', async () => {
  const { seen, admit } = desk();
  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, i) => admit(`u${i}`, 'x', `192.0.${i >> 8}.${i & 255}`)),
  );
  assert.equal(seen.most, 1);
  assert.ok(seen.checks <= 32, `${seen.checks} checks`);
  assert.ok(answers.includes('wait'));
});

test('a check that fails is told, and the next one is made', async () => {
  const { admit } = desk();
  await assert.rejects(admit('broken', 'x'), /no thread/);
  assert.equal(await admit('nurse', 'right'), 'known');
});
