import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { StateLock } from '@rhythmd/daemon/lock/state-lock.ts';
import { killed, lockedFolder, lockHolder } from '../../support/lock-holder.ts';

const BUSY = { code: 'E_STATE_BUSY' };

test('a folder that cannot be made is not ours to complain of', async (t) => {
  const folder = lockedFolder(t);
  writeFileSync(join(folder, 'file'), '');
  const lock = await StateLock.take([join(folder, 'file', 'below')]);
  lock.release();
});

test('the second is refused, by whatever path it comes, and told who holds it', async (t) => {
  const folder = lockedFolder(t);
  const child = await lockHolder(t, folder);
  await assert.rejects(StateLock.take([folder]), {
    ...BUSY,
    message: `another daemon (process ${child.pid}) keeps its state in ${folder}`,
  });
  const link = `${lockedFolder(t)}/link`;
  symlinkSync(folder, link);
  await assert.rejects(StateLock.take([link]), BUSY);
});

test('one of two folders busy: neither is taken', async (t) => {
  const [busy, free] = [lockedFolder(t), lockedFolder(t)];
  const first = await StateLock.take([busy]);
  await assert.rejects(StateLock.take([free, busy]), BUSY);
  (await StateLock.take([free])).release();
  first.release();
});

test('kill -9 lets go of it at once, and leaves nothing that stands in the way', async (t) => {
  const folder = lockedFolder(t);
  for (let i = 0; i < 3; i++) {
    const child = await lockHolder(t, folder);
    await killed(child);
  }
  (await StateLock.take([folder])).release();
});

test('one that was stopped (SIGSTOP) still holds it', async (t) => {
  const folder = lockedFolder(t);
  const child = await lockHolder(t, folder);
  child.kill('SIGSTOP');
  await assert.rejects(StateLock.take([folder]), BUSY);
});

test('of many that start at once exactly one gets it', async (t) => {
  const folder = lockedFolder(t);
  // A dead one's socket lies there: all see it, and all want to replace it.
  const dead = await lockHolder(t, folder);
  await killed(dead);
  const taken = await Promise.allSettled(Array.from({ length: 8 }, () => StateLock.take([folder])));
  const held = taken.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  assert.equal(held.length, 1);
  await assert.rejects(StateLock.take([folder]), BUSY);
  held[0]!.release();
});

const namespaces = { skip: process.getuid?.() === 0 ? false : 'SKIPPED: needs root for a network namespace' };
test('a container with a network of its own that mounts the same folder is seen', namespaces, async (t) => {
  const folder = lockedFolder(t);
  await lockHolder(t, folder, ['unshare', '-n']);
  await assert.rejects(StateLock.take([folder]), BUSY);
});

test(
  'of many that start at once in networks of their own (or on Node 18) exactly one gets it',
  namespaces,
  async (t) => {
    const folder = lockedFolder(t);
    const dead = await lockHolder(t, folder, ['unshare', '-n']);
    for (let round = 0; round < 2; round++) {
      dead.kill('SIGKILL');
      const many = await Promise.all(
        Array.from({ length: 5 }, () => lockHolder(t, folder, ['unshare', '-n'])),
      );
      const said = many.map(({ said }) => said);
      assert.equal(said.filter((word) => word === 'held').length, 1, said.join(' '));
      assert.deepEqual(readdirSync(folder).sort(), ['lock', 'lock.sock']);
      for (const child of many) {
        await killed(child);
      }
    }
  },
);

for (const before of [[], ['unshare', '-n']])
  test(
    `a path too long for a socket is locked all the same, again and again (${before.join(' ')})`,
    namespaces,
    async (t) => {
      const parent = lockedFolder(t);
      const folder = join(parent, 'x'.repeat(120));
      mkdirSync(folder);
      for (let round = 0; round < 2; round++) {
        const lock = await StateLock.take([folder]);
        assert.equal((await lockHolder(t, folder, before)).said, 'E_STATE_BUSY');
        lock.release();
        const child = await lockHolder(t, folder, before);
        assert.equal(child.said, 'held');
        await assert.rejects(StateLock.take([folder]), BUSY);
        await killed(child);
      }
      // A name that was cut would lie here, and in the way of the next.
      assert.deepEqual(readdirSync(parent), ['x'.repeat(120)]);
      assert.equal(statSync(join(folder, 'lock')).mode & 0o077, 0);
    },
  );

test('what was left by processes that were killed while they took it is removed, and nothing else', async (t) => {
  const folder = lockedFolder(t);
  const dead = await lockHolder(t, folder);
  await killed(dead);
  for (const name of ['.l000001', '.l000002', '.lother']) writeFileSync(join(folder, name), '');
  renameSync(join(folder, 'lock.sock'), join(folder, '.l00000a'));
  for (const name of ['.l000001', '.lother', '.l00000a']) utimesSync(join(folder, name), 1, 1);
  const lock = await StateLock.take([folder]);
  // One is young: somebody may be making it right now.
  assert.deepEqual(readdirSync(folder).sort(), ['.l000002', '.lother', 'lock', 'lock.sock']);
  lock.release();
});

test('whoever ends removes no lock but his own', namespaces, async (t) => {
  const folder = lockedFolder(t);
  const first = await StateLock.take([folder]);
  rmSync(join(folder, 'lock.sock'));
  const other = await lockHolder(t, folder, ['unshare', '-n']);
  assert.equal(other.said, 'held');
  first.release();
  assert.ok(existsSync(join(folder, 'lock.sock')));
  await assert.rejects(StateLock.take([folder]), BUSY);
});
