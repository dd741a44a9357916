/** What lies where the lock should: a folder brought back from a backup, what a power cut left, a disk without room. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { StateLock } from '@rhythmd/daemon/lock/state-lock.ts';
import { lockedFolder, lockHolder } from '../../support/lock-holder.ts';
import { needsMount } from '../../support/needs.ts';
import { SmallDisk } from '../../support/small-disk.ts';

const BUSY = { code: 'E_STATE_BUSY' };
const SECRET = /^[0-9a-f]{32}$/;

const THINGS: Readonly<Record<string, (path: string) => void>> = {
  'an empty file': (path) => writeFileSync(path, ''),
  'another file': (path) => writeFileSync(path, 'not hexadecimal, and longer than what is made'),
  'an endless file': (path) => {
    writeFileSync(path, '');
    truncateSync(path, 2 ** 40);
  },
  'an empty folder': (path) => mkdirSync(path),
  'a folder with something in it': (path) => {
    mkdirSync(path);
    writeFileSync(join(path, 'kept'), 'kept');
  },
  'a pipe': (path) => void execFileSync('mkfifo', [path]),
  'a link to a device': (path) => symlinkSync('/dev/zero', path),
  'a link to nothing': (path) => symlinkSync('nowhere', path),
};

for (const [what, put] of Object.entries(THINGS)) {
  for (const name of ['lock', 'lock.sock']) {
    test(`${what} called ${name} is in nobody's way`, { timeout: 20_000 }, async (t) => {
      const folder = lockedFolder(t);
      put(join(folder, name));
      const lock = await StateLock.take([folder]);
      await assert.rejects(StateLock.take([folder]), BUSY);
      assert.match(readFileSync(join(folder, 'lock'), 'latin1'), SECRET);
      assert.ok(statSync(join(folder, 'lock.sock')).isSocket());
      lock.release();
      const aside = readdirSync(folder).find((other) => other.startsWith(`${name}.no-`));
      if (what.startsWith('a folder'))
        assert.equal(readFileSync(join(folder, aside!, 'kept'), 'utf8'), 'kept');
    });
  }
}

test('a link to a file is not followed: its target keeps its permissions', async (t) => {
  const folder = lockedFolder(t);
  const target = join(lockedFolder(t), 'target');
  writeFileSync(target, 'theirs', { mode: 0o644 });
  chmodSync(target, 0o644);
  symlinkSync(target, join(folder, 'lock'));
  (await StateLock.take([folder])).release();
  assert.equal(statSync(target).mode & 0o777, 0o644);
  assert.equal(readFileSync(target, 'utf8'), 'theirs');
});

test('a secret that a backup brought back for everybody is for its owner alone again', async (t) => {
  const folder = lockedFolder(t);
  (await StateLock.take([folder])).release();
  const path = join(folder, 'lock');
  const before = readFileSync(path, 'latin1');
  chmodSync(path, 0o644);
  (await StateLock.take([folder])).release();
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(readFileSync(path, 'latin1'), before);
});

test(
  'on a disk that is full, has no names left or is read-only nothing hangs, fails or is left behind',
  needsMount(),
  async (t) => {
    const disk = SmallDisk.mount(join(lockedFolder(t), 'disk'), 64, 40)!;
    const folder = join(disk.folder, 'state');
    mkdirSync(folder);
    try {
      disk.fillUpTo(0);
      const full = await StateLock.take([folder]);
      await assert.rejects(StateLock.take([folder]), BUSY);
      full.release();
      // No empty secret: the next start with room makes one.
      assert.deepEqual(readdirSync(folder), []);
      disk.free();
      disk.useUpNames();
      const nameless = await StateLock.take([folder]);
      await assert.rejects(StateLock.take([folder]), BUSY);
      nameless.release();
      disk.freeNames();
      disk.setReadOnly(true);
      (await StateLock.take([folder])).release();
      disk.setReadOnly(false);
      const lock = await StateLock.take([folder]);
      assert.equal((await lockHolder(t, folder)).said, 'E_STATE_BUSY');
      lock.release();
      assert.deepEqual(readdirSync(folder), ['lock']);
    } finally {
      disk.unmount();
    }
  },
);
