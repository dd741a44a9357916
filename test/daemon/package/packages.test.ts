/** What is packed installs where nothing of the repository is, and starts there without any other module. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DaemonProcess } from '../../support/daemon-process.ts';
import { Subscriber } from '../../support/mqtt-subscriber.ts';
import { needsProgram, repositoryRoot } from '../../support/needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-installed-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const env = { ...process.env, RHYTHMD_DIST_FOLDER: join(folder, 'dist') };
const deploy = (name: string): string => join(repositoryRoot, 'config/deploy', name);

function said(program: string, args: readonly string[], cwd = folder): string {
  return execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function pack(kind: string): string {
  const printed = said('npm', ['run', '--silent', 'package', '--', kind], repositoryRoot);
  return printed.trim().split('\n').at(-1)!;
}

test('an unknown kind is refused with those that there are', () => {
  assert.throws(() => pack('rpm'), /E_USAGE: no package "rpm".*deb, npm, oci, image/);
});

test('the scripts of the packages are ones that a shell of Debian reads', () => {
  for (const name of ['debian/postinst', 'debian/prerm', 'debian/postrm', 'image/rhythmd-first-boot.sh']) {
    said('sh', ['-n', deploy(name)]);
  }
});

test(
  'the Debian package: under a megabyte, and its program runs from where it lies',
  needsProgram('dpkg-deb'),
  async (t) => {
    const place = join(folder, 'deb');
    const path = pack('deb');
    assert.ok(statSync(path).size < 1_000_000, `${statSync(path).size} bytes`);
    said('dpkg-deb', ['-x', path, place]);
    const control = said('dpkg-deb', ['-f', path]);
    assert.match(control, /^Architecture: all$/m);
    assert.match(control, /^Depends: nodejs \(>= 18\.20\)$/m);
    const launcher = join(place, 'usr/bin/rhythmd');
    assert.match(said(process.execPath, [launcher, 'config', 'check']), /good/);
    const unit = readFileSync(join(place, 'usr/lib/systemd/system/rhythmd.service'), 'utf8');
    const program = /^ExecStart=\S+ .*?(\/\S+\.js)/m.exec(unit)?.[1];
    assert.ok(existsSync(join(place, program!)), `${program} is what the unit starts`);
    t.diagnostic(path);
  },
);

test('the npm tarball: installed in an empty folder, npx finds it, and it names beats', async (t) => {
  const path = pack('npm');
  const place = join(folder, 'npm');
  mkdirSync(place);
  said('npm', ['install', '--offline', '--omit=optional', '--no-audit', '--no-fund', path], place);
  assert.match(said('npx', ['--no-install', 'rhythmd', 'config', 'check'], place), /good/);
  const program = join(place, 'node_modules/.bin/rhythmd');
  const daemon = await DaemonProcess.start({ RHYTHMD_SOURCE_URL: 'sim:synthetic?speed=4' }, ['run'], program);
  t.after(() => daemon.stop());
  const subscriber = await Subscriber.connectWhenThere(t, daemon.mqttUrl, 'ecg/rhythmd-1/beat');
  await subscriber.until('ecg/rhythmd-1/beat', 5);
  assert.notEqual(subscriber.json('ecg/rhythmd-1/beat').at(-1).label, null, 'classified');
});
