/** What `rhythmd fleet` made is distributed to two plain roots in place of two devices. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkFleet } from '@rhythmd/daemon/fleet/fleet-file.ts';
import { writeFleet } from '@rhythmd/daemon/fleet/write-fleet.ts';
import { needsProgram, repositoryRoot } from '../../support/needs.ts';

const script = join(repositoryRoot, 'config/deploy/distribute.sh');

test(
  "each gets its own and nobody else's; again nothing; a rotated password goes to one; a stranger stops all",
  needsProgram('openssl', 'dpkg-deb'),
  (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'distribute-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const fleet = checkFleet({ brokers: ['mqtts://127.0.0.1'], device: [{ id: 'bed-[1-2]' }] }, 'fleet');
    const out = join(folder, 'fleet');
    writeFleet(fleet, out, []);
    const target = (id: string) => `${id}=${join(folder, id)}`;
    const file = (id: string, name: string) => join(folder, id, 'etc/rhythmd', name);
    const run = (ids: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
      execFileSync(script, [out, ...ids.map(target)], {
        encoding: 'utf8',
        stdio: 'pipe',
        env: { ...process.env, ...environment },
      });

    assert.match(run(['bed-1', 'bed-2']), /bed-1: config\.toml mqtt-ca mqtt-password\nbed-2:/);
    const passwords = ['bed-1', 'bed-2'].map((id) => readFileSync(file(id, 'mqtt-password'), 'utf8'));
    assert.equal(passwords[0], readFileSync(join(out, 'devices/bed-1/mqtt-password'), 'utf8'));
    assert.notEqual(passwords[0], passwords[1]);
    assert.equal(statSync(file('bed-1', 'mqtt-password')).mode & 0o777, 0o640);
    assert.match(readFileSync(file('bed-2', 'config.toml'), 'utf8'), /id = "bed-2"/);

    writeFleet(fleet, out, ['bed-2']);
    assert.equal(run(['bed-1', 'bed-2']), 'bed-1: nothing new\nbed-2: mqtt-password\n');

    for (const ids of [
      ['bed-1', 'bed-3'],
      ['bed-1', '../bed-1'],
    ])
      assert.throws(() => run(ids));
    assert.ok(!existsSync(file('bed-3', 'config.toml')));

    const source = join(folder, 'package');
    mkdirSync(join(source, 'DEBIAN'), { recursive: true, mode: 0o755 });
    mkdirSync(join(source, 'usr/lib/rhythmd'), { recursive: true });
    writeFileSync(
      join(source, 'DEBIAN/control'),
      'Package: rhythmd\nVersion: 9\nArchitecture: all\nMaintainer: nobody <n@example.org>\nDescription: an update\n',
    );
    writeFileSync(join(source, 'usr/lib/rhythmd/version'), '9');
    execFileSync('dpkg-deb', ['-b', source, join(folder, 'update.deb')], { stdio: 'ignore' });
    run(['bed-1', 'bed-2'], { PACKAGE: join(folder, 'update.deb') });
    for (const id of ['bed-1', 'bed-2'])
      assert.equal(readFileSync(join(folder, id, 'usr/lib/rhythmd/version'), 'utf8'), '9');
  },
);
