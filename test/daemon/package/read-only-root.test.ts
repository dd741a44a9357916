/**
 * The package on a root that nothing is written to: as an overlay over a card, whose upper layer is gone after each power cut,
 * with recordings on a disk of their own; and as a container of a user without rights has it.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { DebianChroot } from '../../support/debian-chroot.ts';
import { Subscriber } from '../../support/mqtt-subscriber.ts';
import { needsFound, needsMount, needsProgram, repositoryRoot } from '../../support/needs.ts';
import { until } from '../../support/until.ts';

const NOBODY = 65534;
const STATE = '/var/lib/rhythmd';
const PROGRAM = ['/usr/bin/node', '--max-semi-space-size=1', '/usr/lib/rhythmd/rhythmd.js', 'run'];
const ENVIRONMENT = { STATE_DIRECTORY: STATE, HOME: '/', RHYTHMD_SOURCE_URL: 'sim:synthetic?speed=4' };
/** What a recording has when it was worth starting. */
const SOME_SAMPLES = 500;
/** Of up to two leads, two bytes each. */
const SOME_BYTES = 4 * 2 * SOME_SAMPLES;
const needs =
  [
    needsProgram('dpkg-deb', 'setpriv', 'unshare'),
    needsFound('a Debian', DebianChroot.find),
    needsMount(),
  ].find(({ skip }) => skip) ?? {};

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-read-only-'));
/** The recordings' disk: a folder beside all roots. */
const disk = join(folder, 'disk');
let card: DebianChroot;

const mount = (...words: string[]) => execFileSync('mount', words, { stdio: 'ignore' });

before(() => {
  if (needs.skip !== undefined) return;
  const env = { ...process.env, RHYTHMD_DIST_FOLDER: join(folder, 'dist'), RHYTHMD_DEB_COMPRESSION: 'gzip' };
  const words = ['run', '--silent', 'package', '--', 'deb'];
  const said = execFileSync('npm', words, { cwd: repositoryRoot, env, encoding: 'utf8' });
  card = DebianChroot.open()!;
  const inside = card.put(said.trim().split('\n').at(-1)!);
  const { status, text } = card.run('apt-get', 'install', '-y', '--no-install-recommends', inside);
  assert.equal(status, 0, text);
  mkdirSync(join(card.root, STATE), { recursive: true });
  mkdirSync(disk);
  chownSync(disk, NOBODY, NOBODY);
  // Whoever has no rights gets as far as the roots.
  chmodSync(folder, 0o755);
});
after(() => {
  card?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The card as it boots: read only, with an upper layer in memory or none. */
function boot(t: TestContext, name: string, isOverlay: boolean): string {
  const place = join(folder, name);
  const root = join(place, 'root');
  mkdirSync(root, { recursive: true });
  t.after(() => execFileSync('umount', ['--recursive', '--lazy', place]));
  mount('-t', 'tmpfs', 'tmpfs', place);
  for (const layer of ['root', 'upper', 'work']) mkdirSync(join(place, layer));
  const upper = `,upperdir=${join(place, 'upper')},workdir=${join(place, 'work')}`;
  if (isOverlay) {
    // Its own layers are an overlay already: one more is read through a folder bound to it.
    mount('-t', 'overlay', 'overlay', '-o', `lowerdir=${card.root}${upper}`, root);
  } else {
    mount('--bind', card.root, root);
    mount('-o', 'remount,bind,ro', root);
  }
  mount('-t', 'proc', 'proc', join(root, 'proc'));
  mount('--bind', disk, join(root, STATE));
  return root;
}

async function hears(t: TestContext, daemon: DaemonProcess): Promise<void> {
  const subscriber = await Subscriber.connectWhenThere(t, daemon.mqttUrl, 'ecg/rhythmd-1/beat');
  await subscriber.until('ecg/rhythmd-1/beat', 5);
  assert.notEqual(subscriber.json('ecg/rhythmd-1/beat').at(-1).label, null, 'classified');
}

/** Of signals. @returns paths without their endings */
function recordings(): string[] {
  const place = join(disk, 'recordings');
  if (!existsSync(place)) return [];
  const headers = readdirSync(place).filter((name) => name.endsWith('.hea'));
  return headers.map((name) => join(place, name.slice(0, -'.hea'.length))).sort();
}

test(
  'an overlay: what is recorded outlives a hard kill and a power cut that takes the upper layer',
  needs,
  async (t) => {
    for (const name of ['first-boot', 'second-boot']) {
      const before = name === 'first-boot' ? [] : recordings();
      const root = boot(t, name, true);
      const words = [`--userspec=${NOBODY}:${NOBODY}`, root, ...PROGRAM];
      const daemon = await DaemonProcess.start(ENVIRONMENT, words, 'chroot');
      t.after(() => daemon.stop('SIGKILL'));
      await hears(t, daemon);
      const own = () => recordings().filter((path) => !before.includes(path));
      await until(() => own().some((path) => statSync(`${path}.dat`).size > SOME_BYTES), 'a recording');
      await daemon.stop('SIGKILL');
      assert.equal(own().length, 1, 'a recording of its own');
      // The one of before too.
      for (const path of recordings()) {
        const { leads } = readRecord(path);
        assert.ok(leads[0]!.length > SOME_SAMPLES, `${leads[0]!.length} samples of ${path}`);
      }
      assert.ok(!existsSync(join(folder, name, 'upper/usr')), 'the program writes nothing beside itself');
    }
  },
);

test(
  'a container of a user without rights: read-only root, namespaces of its own, no capabilities',
  needs,
  async (t) => {
    const root = boot(t, 'container', false);
    const before = recordings();
    const words = [
      ...['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups', '--no-new-privs', '--'],
      ...[
        'unshare',
        '--user',
        '--map-root-user',
        '--mount',
        '--pid',
        '--ipc',
        '--uts',
        '--fork',
        '--kill-child',
      ],
      ...[`--root=${root}`, '--wd=/', '--'],
      ...['setpriv', '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs', '--', ...PROGRAM],
    ];
    const daemon = await DaemonProcess.start(ENVIRONMENT, words, 'setpriv');
    t.after(() => daemon.stop('SIGKILL'));
    await hears(t, daemon);
    assert.throws(() => execFileSync('touch', [join(root, 'usr/lib/rhythmd/touched')], { stdio: 'ignore' }));
    assert.doesNotMatch(daemon.log, /E_(?!SOURCE)/, daemon.log);
    // As its runtime does: to the first process inside. `unshare` waits for that one and hears no SIGTERM itself.
    const { pid } = daemon.process;
    process.kill(Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')), 'SIGTERM');
    await daemon.ended();
    assert.equal(daemon.process.exitCode, 0);
    const [made, ...others] = recordings().filter((path) => !before.includes(path));
    assert.ok(made !== undefined && others.length === 0);
    assert.equal(statSync(`${made}.dat`).uid, NOBODY);
  },
);
