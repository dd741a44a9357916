/** Other users of the machine: they see every abstract name, and may claim one the moment it is free. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { StateLock } from '@rhythmd/daemon/lock/state-lock.ts';
import { killed, lockedFolder, lockHolder } from '../../support/lock-holder.ts';

const BUSY = { code: 'E_STATE_BUSY' };
const NOBODY = 65_534;
const root = { skip: process.getuid?.() === 0 ? false : 'SKIPPED: needs root to be two users' };
const AS_NOBODY = ['setpriv', '--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'];

/** What lies in `/proc/net/unix` for all to see, as it is to be claimed. */
function abstractNames(): string[] {
  const names = readFileSync('/proc/net/unix', 'latin1').matchAll(/ @(rhythmd-\S+)$/gm);
  return [...names].map(([, name = '']) => `\0${name.replaceAll('@', '\0')}`);
}

async function squatter(t: TestContext, name: string, answer: string | null): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (answer !== null) socket.end(answer);
  });
  t.after(() => server.close());
  server.listen(name);
  await once(server, 'listening');
  return server;
}

/** `1 PROOF`: what a holder once said, to another number. */
const REPLAYED = `1 ${'0'.repeat(64)}\n`;
for (const [what, answer] of Object.entries({
  nothing: null,
  'a process': '1\n',
  'an old proof': REPLAYED,
})) {
  test(`who claims the name that he saw, and says ${what}, keeps no daemon from its folder`, async (t) => {
    const folder = lockedFolder(t);
    const before = new Set(abstractNames());
    const lock = await StateLock.take([folder]);
    const [name] = abstractNames().filter((candidate) => !before.has(candidate));
    assert.ok(name !== undefined);
    assert.ok(!name.includes(readFileSync(join(folder, 'lock'), 'latin1')), 'the secret is for nobody else');
    lock.release();
    await squatter(t, name, answer);
    const again = await StateLock.take([folder]);
    // And the folder is locked all the same.
    await assert.rejects(StateLock.take([folder]), BUSY);
    again.release();
  });
}

test('a daemon of another user is asked, and taken for dead only when it is', root, async (t) => {
  const folder = lockedFolder(t);
  chownSync(folder, NOBODY, NOBODY);
  // The folder is the other's: he may rename and remove there whatever root made.
  const child = await lockHolder(t, folder);
  assert.equal(child.said, 'held');
  const said = () =>
    spawnSync(
      AS_NOBODY[0]!,
      [...AS_NOBODY.slice(1), process.execPath, '--input-type=commonjs', '-e', CONNECT],
      {
        env: { ...process.env, SOCKET: join(folder, 'lock.sock') },
        encoding: 'utf8',
      },
    ).stdout;
  assert.equal(said(), 'alive\n');
  await killed(child);
  assert.equal(said(), 'ECONNREFUSED\n');
});
const CONNECT = `
  const socket = require('node:net').connect(process.env.SOCKET, () => { console.log('alive'); process.exit(); });
  socket.on('error', ({ code }) => console.log(code));`;

test('one that may not be asked (of a version before) is not taken for dead', root, async (t) => {
  const folder = lockedFolder(t);
  const child = await lockHolder(t, folder);
  await killed(child);
  chmodSync(join(folder, 'lock.sock'), 0o700);
  chownSync(folder, NOBODY, NOBODY);
  process.seteuid!(NOBODY);
  try {
    await assert.rejects(StateLock.take([folder]), {
      ...BUSY,
      message: /lock\.sock in .* belongs to another user/,
    });
  } finally {
    process.seteuid!(0);
  }
  assert.ok(existsSync(join(folder, 'lock.sock')));
});
