/**
 * The Debian packages as a user has them: installed, started as the unit does, upgraded, removed and purged in a Debian of their
 * own; and what a first boot makes of a card.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { InfoEvent } from '@rhythmd/protocol/events.ts';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { DebianChroot } from '../../support/debian-chroot.ts';
import { Subscriber } from '../../support/mqtt-subscriber.ts';
import { needsFound, needsMount, needsProgram, repositoryRoot } from '../../support/needs.ts';

const NOBODY = '65534';
const CONFIG = 'etc/rhythmd/config.toml';
const needs =
  [needsProgram('dpkg-deb', 'lintian'), needsFound('a Debian', DebianChroot.find), needsMount()].find(
    ({ skip }) => skip,
  ) ?? {};

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-debs-'));
let debian: DebianChroot;
let first: string;
let native: string[];
after(() => {
  debian?.close();
  rmSync(folder, { recursive: true, force: true });
});
before(() => {
  if (needs.skip !== undefined) return;
  [first = '', ...native] = pack('deb', 'amd64', 'arm64').filter((line) => line.endsWith('.deb'));
  debian = DebianChroot.open()!;
});

/** @returns what was made, in a folder of its own */
function pack(kind: string, ...words: readonly string[]): string[] {
  // Fifty megabytes of native modules take minutes to compress as they are published.
  const built = { RHYTHMD_DIST_FOLDER: join(folder, kind), RHYTHMD_DEB_COMPRESSION: 'gzip' };
  const said = execFileSync('npm', ['run', '--silent', 'package', '--', kind, ...words], {
    cwd: repositoryRoot,
    env: { ...process.env, ...built },
    encoding: 'utf8',
  });
  return said.trim().split('\n');
}

/** @returns what lintian holds against it */
function lint(path: string): string[] {
  // A program of its own compression: what is published is compressed as Debian's are.
  const words = [
    '--allow-root',
    '--fail-on',
    'none',
    '--tag-display-limit',
    '0',
    '--suppress-tags',
    'uses-deprecated-compression-for-data-tarball',
    path,
  ];
  const said = execFileSync('lintian', words, { encoding: 'utf8' });
  return said.split('\n').filter((line) => /^[EW]:/.test(line));
}

/** The next version of it, as somebody who builds it later has it. */
function nextVersion(path: string): string {
  const place = join(folder, 'next');
  execFileSync('dpkg-deb', ['-R', path, place]);
  const control = readFileSync(join(place, 'DEBIAN/control'), 'utf8');
  writeFileSync(join(place, 'DEBIAN/control'), control.replace(/^Version: (.*)$/m, 'Version: $1+next'));
  const next = join(folder, 'rhythmd_next_all.deb');
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', place, next]);
  return next;
}

function install(...paths: readonly string[]): void {
  const inside = paths.map((path) => debian.put(path));
  const { status, text } = debian.run('apt-get', 'install', '-y', '--no-install-recommends', ...inside);
  assert.equal(status, 0, text);
}

/** What the unit reads before it starts: lines of NAME=value. */
function environmentFile(): Record<string, string> {
  const lines = readFileSync(join(debian.root, 'etc/rhythmd/environment'), 'utf8').matchAll(/^(\w+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name!, value!]));
}

/** As the unit starts it: what it runs, as a user without rights, with a folder for its state. */
async function run(t: TestContext, over: NodeJS.ProcessEnv = {}): Promise<DaemonProcess> {
  const unit = readFileSync(join(debian.root, 'usr/lib/systemd/system/rhythmd.service'), 'utf8');
  const program = /^ExecStart=(.*)$/m.exec(unit)![1]!.split(' ');
  debian.run('install', '-d', '-o', NOBODY, '-m', '700', '/var/lib/rhythmd');
  const source = { RHYTHMD_SOURCE_URL: 'sim:synthetic?speed=4' };
  const environment = { STATE_DIRECTORY: '/var/lib/rhythmd', HOME: '/', ...over, ...source };
  const words = [`--userspec=${NOBODY}:${NOBODY}`, debian.root, ...program];
  const daemon = await DaemonProcess.start(environment, words, 'chroot');
  t.after(() => daemon.stop());
  return daemon;
}

/** @returns what it says of itself once it names beats */
async function started(t: TestContext): Promise<InfoEvent> {
  const daemon = await run(t);
  const subscriber = await Subscriber.connectWhenThere(t, daemon.mqttUrl, '#');
  await subscriber.until('ecg/rhythmd-1/beat', 5);
  assert.notEqual(subscriber.json('ecg/rhythmd-1/beat').at(-1).label, null, 'classified');
  const info = subscriber.json('ecg/rhythmd-1/info').at(-1) as InfoEvent;
  assert.equal(await daemon.stop('SIGTERM'), 0);
  return info;
}

test('lintian has nothing to say but what is overridden, with a reason', needs, () => {
  // Of the native packages the device's own: the other one differs by its binaries.
  const arm = native.find((path) => path.endsWith('_arm64.deb'))!;
  for (const path of [first, arm]) assert.deepEqual(lint(path), [], path);
});

test('installed alone: started as the unit does it names beats by its own executor', needs, async (t) => {
  install(first);
  assert.match(debian.run('rhythmd', 'config', 'check', '--config', `/${CONFIG}`).text, /good/);
  assert.ok(debian.has('usr/share/man/man1/rhythmd.1.gz') || debian.has('usr/share/doc/rhythmd/copyright'));
  const { model } = await started(t);
  assert.equal(model?.executor?.name, 'integer');
  assert.ok(debian.has('var/lib/rhythmd/recordings'));
});

test('onnxruntime beside it: it runs the networks', needs, async (t) => {
  install(native.find((path) => path.endsWith('_amd64.deb'))!);
  const { model } = await started(t);
  assert.equal(model?.executor?.name, 'onnxruntime');
  const { status, text } = debian.run('apt-get', 'remove', '-y', 'rhythmd-onnxruntime');
  assert.equal(status, 0, text);
  assert.ok(!debian.has('usr/lib/rhythmd/node_modules'), 'nothing of it stays');
});

test('upgraded: what its owner configured stays, without a question', needs, () => {
  const path = join(debian.root, CONFIG);
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^id = ""/m, 'id = "bed-7"'));
  install(nextVersion(first));
  assert.match(debian.run('dpkg-query', '-W', 'rhythmd').text, /\+next/);
  assert.match(readFileSync(path, 'utf8'), /^id = "bed-7"/m);
});

test(
  'removed while it runs: it ends, configuration and recordings stay; purged: nothing does',
  needs,
  async (t) => {
    const daemon = await run(t);
    await daemon.said(/Receiving/);
    assert.equal(debian.run('apt-get', 'remove', '-y', 'rhythmd').status, 0);
    await daemon.ended();
    for (const path of [CONFIG, 'var/lib/rhythmd/recordings']) assert.ok(debian.has(path), path);
    assert.ok(!debian.has('usr/bin/rhythmd'));
    writeFileSync(join(debian.root, 'etc/rhythmd/environment'), 'RHYTHMD_WEB_TOKEN=x\n');
    const { status, text } = debian.run('apt-get', 'purge', '-y', 'rhythmd');
    assert.equal(status, 0, text);
    for (const path of ['etc/rhythmd', 'var/lib/rhythmd', 'usr/lib/rhythmd'])
      assert.ok(!debian.has(path), path);
    assert.match(debian.run('find', '/etc/systemd', '/var/lib/systemd', '-name', 'rhythmd*').text, /^\s*$/);
  },
);

test('a first boot: the page is in the network, behind a token that is said once', needs, async (t) => {
  const card = join(debian.root, 'boot/firmware');
  cpSync(pack('image').at(-1)!, card, { recursive: true });
  const first = debian.run('sh', '/boot/firmware/rhythmd-first-boot.sh');
  assert.equal(first.status, 0, first.text);
  const token = /with the token ([0-9a-f]{32})/.exec(first.text)?.[1];
  assert.ok(token, first.text);
  assert.equal(statSync(join(debian.root, 'etc/rhythmd/environment')).mode & 0o77, 0, 'nobody else reads it');
  const again = debian.run('sh', '/boot/firmware/rhythmd-first-boot.sh');
  assert.equal(again.status, 0, again.text);
  assert.doesNotMatch(again.text, /token/);
  // What Raspberry Pi OS has for a root that nothing is written to; the rest of it happens at its next boot.
  const asked = join(debian.root, 'root/asked');
  const tool = join(debian.root, 'usr/local/sbin/raspi-config');
  writeFileSync(tool, '#!/bin/sh\necho "$@" >/root/asked\n', { mode: 0o755 });
  const path = 'PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin';
  const script = '/boot/firmware/rhythmd-first-boot.sh';
  const readOnly = debian.run('/usr/bin/env', path, 'RHYTHMD_OVERLAY=1', 'sh', script);
  assert.equal(readOnly.status, 0, readOnly.text);
  assert.match(readOnly.text, /read-only from the next boot/);
  assert.equal(readFileSync(asked, 'utf8'), 'nonint enable_overlayfs\n');
  const daemon = await run(t, environmentFile());
  const { port } = new URL(await daemon.pageUrl());
  const [stranger, known] = await Promise.all([
    fetch(`http://127.0.0.1:${port}/api/state`),
    fetch(`http://127.0.0.1:${port}/api/state`, { headers: { authorization: `Bearer ${token}` } }),
  ]);
  assert.deepEqual([stranger.status, known.status], [401, 200]);
});

test('on a Debian whose Node is too old it is not installed, and says what it needs', needs, () => {
  const place = join(folder, 'old');
  cpSync(join(debian.root, 'var/lib/dpkg/status'), `${place}-status`);
  const status = readFileSync(`${place}-status`, 'utf8').replace(
    /(Package: nodejs\n[\s\S]*?Version: )\S+/,
    (_, before) => `${before}12.22.12`,
  );
  writeFileSync(join(debian.root, 'var/lib/dpkg/status'), status);
  const said = debian.run('dpkg', '-i', debian.put(first));
  assert.notEqual(said.status, 0);
  assert.match(said.text, /nodejs \(>= 18\.20\)/);
});
