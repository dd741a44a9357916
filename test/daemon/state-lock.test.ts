import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { StateLock } from '@rhythmd/daemon/state-lock.ts';
import { repositoryRoot } from '../support/needs.ts';

const BUSY = { code: 'E_STATE_BUSY' };

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-lock-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A process that holds the lock until it is killed. */
async function holder(t: TestContext, folder: string, before: readonly string[] = []): Promise<ChildProcess> {
  const program = `
    import { StateLock } from '@rhythmd/daemon/state-lock.ts';
    await StateLock.take([${JSON.stringify(folder)}]).then(() => console.log('held'), (e) => console.log(e.code));
    setInterval(() => {}, 1000);`;
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', program];
  const [command = '', ...words] = [...before, ...node];
  const child = spawn(command, words, {
    cwd: join(repositoryRoot, 'test'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [said] = await once(child.stdout!, 'data');
  assert.match(String(said), /^(held|E_STATE_BUSY)\n$/);
  return Object.assign(child, { said: String(said).trim() });
}

test('a folder that cannot be made is not ours to complain of', async (t) => {
  const folder = newFolder(t);
  writeFileSync(join(folder, 'file'), '');
  const lock = await StateLock.take([join(folder, 'file', 'below')]);
  lock.release();
});

test('the second is refused, by whatever path it comes, and told who holds it', async (t) => {
  const folder = newFolder(t);
  const child = await holder(t, folder);
  await assert.rejects(StateLock.take([folder]), {
    ...BUSY,
    message: `another daemon (process ${child.pid}) keeps its state in ${folder}`,
  });
  const link = `${newFolder(t)}/link`;
  symlinkSync(folder, link);
  await assert.rejects(StateLock.take([link]), BUSY);
});

test('one of two folders busy: neither is taken', async (t) => {
  const [busy, free] = [newFolder(t), newFolder(t)];
  const first = await StateLock.take([busy]);
  await assert.rejects(StateLock.take([free, busy]), BUSY);
  (await StateLock.take([free])).release();
  first.release();
});

test('kill -9 lets go of it at once, and leaves nothing that stands in the way', async (t) => {
  const folder = newFolder(t);
  for (let i = 0; i < 3; i++) {
    const child = await holder(t, folder);
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  (await StateLock.take([folder])).release();
});

test('one that was stopped (SIGSTOP) still holds it', async (t) => {
  const folder = newFolder(t);
  const child = await holder(t, folder);
  child.kill('SIGSTOP');
  await assert.rejects(StateLock.take([folder]), BUSY);
});

test('of many that start at once exactly one gets it', async (t) => {
  const folder = newFolder(t);
  // A dead one's socket lies there: all see it, and all want to replace it.
  const dead = await holder(t, folder);
  dead.kill('SIGKILL');
  await once(dead, 'exit');
  const taken = await Promise.allSettled(Array.from({ length: 8 }, () => StateLock.take([folder])));
  const held = taken.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  assert.equal(held.length, 1);
  await assert.rejects(StateLock.take([folder]), BUSY);
  held[0]!.release();
});

const namespaces = { skip: process.getuid?.() === 0 ? false : 'SKIPPED: needs root for a network namespace' };
test('a container with a network of its own that mounts the same folder is seen', namespaces, async (t) => {
  const folder = newFolder(t);
  await holder(t, folder, ['unshare', '-n']);
  await assert.rejects(StateLock.take([folder]), BUSY);
});

test(
  'of many that start at once in networks of their own (or on Node 18) exactly one gets it',
  namespaces,
  async (t) => {
    const folder = newFolder(t);
    const dead = await holder(t, folder, ['unshare', '-n']);
    for (let round = 0; round < 2; round++) {
      dead.kill('SIGKILL');
      const many = await Promise.all(Array.from({ length: 5 }, () => holder(t, folder, ['unshare', '-n'])));
      const said = many.map((child) => (child as { said?: string }).said);
      assert.equal(said.filter((word) => word === 'held').length, 1, said.join(' '));
      assert.deepEqual(readdirSync(folder).sort(), ['lock', 'lock.sock']);
      for (const child of many) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    }
  },
);

test('a path too long for a socket is locked all the same; what it leaves is for nobody else', async (t) => {
  const folder = join(newFolder(t), 'x'.repeat(120));
  mkdirSync(folder);
  const lock = await StateLock.take([folder]);
  await assert.rejects(StateLock.take([folder]), BUSY);
  lock.release();
  for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name);
});
