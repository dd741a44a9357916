import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { boards } from '@rhythmd/ecg/boards/registry.ts';
import { needsProgram, repositoryRoot } from '../support/needs.ts';

const deployed = (name: string) => join(repositoryRoot, 'config/deploy', name);

test('systemd understands every line of the unit', needsProgram('systemd-analyze'), () => {
  // The program it starts is not installed here; anything else it complains about is a mistake.
  let complaints = '';
  try {
    execFileSync('systemd-analyze', ['verify', deployed('systemd/rhythmd.service')], { stdio: 'pipe' });
  } catch (error) {
    complaints = String((error as { stderr: Buffer }).stderr);
  }
  const own = complaints.split('\n').filter((line) => line.includes('rhythmd.service:'));
  assert.deepEqual(
    own.filter((line) => !/Command .* is not executable|Unit configuration has fatal error/.test(line)),
    [],
  );
});

test('the udev rules know the USB adapters of every board', () => {
  const rules = readFileSync(deployed('udev/60-rhythmd.rules'), 'utf8');
  for (const board of boards) {
    for (const id of board.usbIds) {
      const [vendor = '', product = ''] = id.split(':');
      const rule = rules.split('\n').find((line) => {
        if (!line.startsWith('SUBSYSTEM=="tty"')) return false;
        const matches = (key: string, value: string) => {
          const listed = new RegExp(`ATTRS\\{${key}\\}=="([^"]+)"`).exec(line)?.[1];
          return listed === undefined ? key === 'idProduct' : listed.split('|').includes(value);
        };
        return matches('idVendor', vendor) && matches('idProduct', product);
      });
      assert.ok(rule !== undefined, `${board.name}: ${id} is in no rule`);
    }
  }
});
