/** The playbook that distributes what `rhythmd fleet` made, on two plain roots in place of two devices. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkFleet } from '@rhythmd/daemon/fleet/fleet-file.ts';
import { writeFleet } from '@rhythmd/daemon/fleet/write-fleet.ts';
import { needsProgram, repositoryRoot } from '../../support/needs.ts';

const playbook = join(repositoryRoot, 'config/deploy/ansible/distribute.yml');

test(
  "each device gets its own and nobody else's; again nothing changes; a rotated password goes to one",
  needsProgram('ansible-playbook', 'openssl'),
  (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'ansible-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const fleet = checkFleet({ brokers: ['mqtts://127.0.0.1'], device: [{ id: 'bed-[1-2]' }] }, 'fleet');
    const out = join(folder, 'fleet');
    writeFleet(fleet, out, []);
    const hosts = join(folder, 'hosts.ini');
    const host = (id: string) =>
      `${id} ansible_connection=local ansible_python_interpreter=/usr/bin/python3 root=${join(folder, id)}\n`;
    writeFileSync(hosts, host('bed-1') + host('bed-2'));
    for (const id of ['bed-1', 'bed-2']) mkdirSync(join(folder, id, 'etc'), { recursive: true });
    const play = (inventory = hosts) =>
      execFileSync('ansible-playbook', ['-i', inventory, '-e', `fleet=${out}`, playbook], {
        encoding: 'utf8',
        stdio: 'pipe',
        env: {
          ...process.env,
          ANSIBLE_LOCAL_TEMP: join(folder, 'temp'),
          ANSIBLE_HOME: folder,
          HOME: folder,
          ANSIBLE_NOCOLOR: '1',
          LC_ALL: 'C.UTF-8',
        },
      });
    const first = play();
    const passwords = ['bed-1', 'bed-2'].map((id) =>
      readFileSync(join(folder, id, 'etc/rhythmd/mqtt-password'), 'utf8'),
    );
    assert.equal(passwords[0], readFileSync(join(out, 'devices/bed-1/mqtt-password'), 'utf8'));
    assert.notEqual(passwords[0], passwords[1]);
    for (const password of passwords) assert.ok(!first.includes(password.trim()), 'no password is printed');
    assert.match(readFileSync(join(folder, 'bed-2/etc/rhythmd/config.toml'), 'utf8'), /id = "bed-2"/);

    writeFleet(fleet, out, ['bed-2']);
    const second = play();
    assert.match(second, /bed-1 .*changed=0/);
    assert.match(second, /bed-2 .*changed=1/);

    const strangers = join(folder, 'strangers.ini');
    writeFileSync(strangers, host('bed-3'));
    assert.throws(() => play(strangers));
    assert.ok(!existsSync(join(folder, 'bed-3/etc/rhythmd/mqtt-password')));
  },
);
