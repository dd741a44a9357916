/** A process of its own that holds the lock of a folder of state until it is killed. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { repositoryRoot } from './needs.ts';

export function lockedFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-lock-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** @param before words before the program's own: `unshare -n`. @returns the process; `said` is `held` or `E_STATE_BUSY` */
export async function lockHolder(
  t: TestContext,
  folder: string,
  before: readonly string[] = [],
): Promise<ChildProcess & { readonly said: string }> {
  const program = `
    import { StateLock } from '@rhythmd/daemon/lock/state-lock.ts';
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

export async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
