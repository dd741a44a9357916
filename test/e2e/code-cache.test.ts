/** The built program and the code that it keeps: in the daemon's own folder of state, and never of another version. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { DaemonProcess } from '../support/daemon-process.ts';
import { repositoryRoot } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** What keeps code a minute after a start does so after this. */
const SOON = { 'STARTED_AFTER_MS=6e4': 'STARTED_AFTER_MS=1e4', 'PAUSE_MS=500': 'PAUSE_MS=1' };
const PLAYS = { RHYTHMD_SOURCE_URL: 'sim:synthetic' };

let built = '';
before(() => {
  built = mkdtempSync(join(tmpdir(), 'rhythmd-built-'));
  execFileSync(process.execPath, ['--import', 'tsx', 'daemon/build.ts'], {
    cwd: repositoryRoot,
    env: { ...process.env, RHYTHMD_DIST_FOLDER: built },
    stdio: 'pipe',
  });
  let start = readFileSync(join(built, 'daemon.js'), 'utf8');
  for (const [late, soon] of Object.entries(SOON)) {
    assert.ok(start.includes(late), late);
    start = start.replace(late, soon);
  }
  writeFileSync(join(built, 'daemon.js'), start);
});
after(() => rmSync(built, { recursive: true, force: true }));

function installed(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-installed-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(built, folder, { recursive: true });
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

async function running(t: TestContext, folder: string, state: string): Promise<DaemonProcess> {
  const environment = { ...PLAYS, STATE_DIRECTORY: state };
  const daemon = await DaemonProcess.start(environment, [join(folder, 'rhythmd.js'), 'run']);
  t.after(() => daemon.stop());
  await daemon.said(/Receiving/);
  return daemon;
}

async function keptIn(state: string): Promise<void> {
  const path = join(state, 'code-cache');
  await until(
    () => existsSync(path),
    () => `code in ${path}`,
    30_000,
  );
}

test('code is kept beside the rest of the state, wherever the daemon was started', async (t) => {
  const folder = installed(t);
  // Relative, and not in the working folder: it begins at the installation, as every path of the configuration.
  const daemon = await running(t, folder, 'own state');
  const state = join(folder, 'own state');
  await keptIn(state);
  assert.ok(readdirSync(state).includes('recordings'));
  assert.ok(!existsSync(join(repositoryRoot, 'own state')));
  assert.equal(await daemon.stop('SIGTERM'), 0);
});

test('a version that is laid over a running one is what starts next, with or without the parts of the other', async (t) => {
  const folder = installed(t);
  const state = join(folder, 'state');
  const daemon = await running(t, folder, state);
  // What its name does not tell from another version: the name stays, and the length does.
  const main = join(folder, 'program/main.cjs');
  const [, named = ''] = /"\.\/(rhythmd-\w+\.cjs)"/.exec(readFileSync(main, 'latin1')) ?? [];
  const renamed = named.replace(/-\w+/, '-NEWER000');
  assert.equal(renamed.length, named.length);
  writeFileSync(main, readFileSync(main, 'latin1').replace(named, renamed));
  cpSync(join(folder, 'program', named), join(folder, 'program', renamed));
  assert.ok(!existsSync(join(state, 'code-cache')), 'it was laid over it before code was kept');
  await keptIn(state);
  assert.equal(await daemon.stop('SIGTERM'), 0);
  rmSync(join(folder, 'program', named));
  await (await running(t, folder, state)).stop();
});

test('a program of which a file is missing says which, in one line', (t) => {
  const folder = installed(t);
  const parts = ['program/main.cjs', 'daemon.js'];
  for (const part of parts) {
    rmSync(join(folder, part));
    assert.throws(
      () => execFileSync(process.execPath, [join(folder, 'rhythmd.js'), 'boards'], { stdio: 'pipe' }),
      ({ status, stderr }: { status: number; stderr: Buffer }) => {
        assert.equal(status, 1);
        assert.match(
          String(stderr),
          new RegExp(`^E_PROGRAM_INCOMPLETE: [^\\n]*${part}[^\\n]*Install [^\\n]*\\n$`),
        );
        return true;
      },
    );
  }
});
