import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RHYTHMD } from '@rhythmd/daemon/cli/rhythmd.ts';
import { VERSION } from '@rhythmd/daemon/version.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { usageOf } from '@rhythmd/shell/command.ts';
import { runCommand } from '../../support/command.ts';

test('no verb, a misspelt verb and an unknown option are bad usage, one line each', async () => {
  for (const words of [[], ['confg'], ['config', 'check', '--nonsense'], ['config', 'eat'], ['config']]) {
    const { status, out, err } = await runCommand(words);
    assert.equal(status, 2, words.join(' '));
    assert.equal(out, '');
    assert.match(err, /^E_USAGE: .*Usage: rhythmd /);
    assert.doesNotMatch(err, /\n/);
  }
  assert.match((await runCommand(['confg'])).err, /did you mean config\?/);
});

test('help names every verb, and each verb explains itself', async () => {
  const { status, out } = await runCommand(['help']);
  assert.equal(status, 0);
  for (const [name, command] of Object.entries(RHYTHMD.commands)) {
    const usage = usageOf(name, command);
    assert.ok(out.includes(usage), name);
    assert.ok((await runCommand([name, '--help'])).out.includes(usage), name);
  }
});

test('every verb loads', async () => {
  assert.deepEqual(Object.keys(RHYTHMD.modules), Object.keys(RHYTHMD.commands));
  for (const [name, load] of Object.entries(RHYTHMD.modules)) {
    assert.equal(typeof (await load()).run, 'function', name);
  }
});

test('the version is the packages', async () => {
  assert.equal((await runCommand(['--version'])).out, VERSION);
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  assert.equal((JSON.parse(text) as { version: string }).version, VERSION);
});

test('what the user can mend ends with 2, what failed with 1', () => {
  assert.ok(RHYTHMD.isUsage(new RhythmdError('E_CONFIG_INVALID', '')));
  assert.ok(RHYTHMD.isUsage(new RhythmdError('E_USAGE', '')));
  assert.ok(!RHYTHMD.isUsage(new RhythmdError('E_PORT_OPEN', '')));
  assert.ok(!RHYTHMD.isUsage(new Error('surprise')));
});
