/** The container image, built by a builder that needs no daemon on a Debian of our own, started as its entry point says. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { DEBIAN, DebianChroot } from '../../support/debian-chroot.ts';
import { freePort } from '../../support/mosquitto.ts';
import { Subscriber } from '../../support/mqtt-subscriber.ts';
import { needsFound, needsProgram, repositoryRoot } from '../../support/needs.ts';

const needs =
  [needsProgram('buildah'), needsFound('a Debian', DebianChroot.find)].find(({ skip }) => skip) ?? {};

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-oci-'));
/** Its own store, and steps without namespaces of their own: a container in a container may have none. */
const env = {
  ...process.env,
  BUILDAH_ISOLATION: 'chroot',
  CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
  RHYTHMD_DIST_FOLDER: join(folder, 'dist'),
  RHYTHMD_OCI_BASE: 'localhost/debian-with-node',
};
writeFileSync(
  env.CONTAINERS_STORAGE_CONF,
  `[storage]\ndriver = "overlay"\ngraphroot = "${join(folder, 'store')}"\nrunroot = "${join(folder, 'run')}"\n`,
);

function buildah(...words: readonly string[]): string {
  return execFileSync('buildah', words, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** @returns why there is none: a machine that lets nobody mount builds no images, and no installation mends that */
function whyNoBase(): string | null {
  try {
    const base = buildah('from', 'scratch');
    buildah('add', '--quiet', base, `${DEBIAN}/`, '/');
    buildah('run', base, '--', 'true');
    buildah('commit', '--quiet', '--rm', base, env.RHYTHMD_OCI_BASE);
    return null;
  } catch (error) {
    return String((error as { stderr?: string }).stderr ?? error).trim();
  }
}

after(() => {
  // Its layers may still be mounted.
  if (needs.skip === undefined) buildah('rm', '--all');
  rmSync(folder, { recursive: true, force: true });
});

test('built and started it serves its page and names beats, as a user without rights', needs, async (t) => {
  const reason = whyNoBase();
  if (reason !== null) {
    console.error(`SKIPPED: needs a machine on which buildah may build: ${reason}`);
    t.skip(reason);
    return;
  }
  const words = ['run', '--silent', 'package', '--', 'oci'];
  const said = execFileSync('npm', words, { cwd: repositoryRoot, env, encoding: 'utf8', stdio: 'pipe' });
  const archive = said.trim().split('\n').at(-1)!;
  assert.match(archive, /\.oci\.tar$/);
  const image = buildah('pull', '--quiet', `oci-archive:${archive}`);
  const { OCIv1 } = JSON.parse(buildah('inspect', '--type', 'image', image));
  const { Entrypoint, Cmd, User } = OCIv1.config;
  assert.equal(User, 'rhythmd');
  const port = await freePort();
  const configured = given({
    RHYTHMD_SOURCE_URL: 'sim:synthetic?speed=4',
    RHYTHMD_WEB_PORT: '0',
    RHYTHMD_MQTT_EMBEDDED_PORT: String(port),
    RHYTHMD_DEVICE_ID: 'rhythmd-1',
  });
  const run = ['run', ...configured, buildah('from', image), '--', ...Entrypoint, ...Cmd];
  const daemon = await DaemonProcess.start(env, run, 'buildah');
  t.after(() => daemon.stop('SIGTERM'));
  // First: a daemon that ended says why, and nobody waits for its broker.
  const page = await fetch(await daemon.pageUrl());
  assert.match(await page.text(), /<title>rhythmd/);
  assert.equal(page.status, 200);
  const subscriber = await Subscriber.connectWhenThere(t, `mqtt://127.0.0.1:${port}`, 'ecg/rhythmd-1/beat');
  await subscriber.until('ecg/rhythmd-1/beat', 5);
  assert.notEqual(subscriber.json('ecg/rhythmd-1/beat').at(-1).label, null, 'classified');
});

function given(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
}
