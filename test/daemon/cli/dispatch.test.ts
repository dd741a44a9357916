import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { exitStatusOf } from '@rhythmd/daemon/cli/exit-status.ts';
import { VERBS } from '@rhythmd/daemon/cli/verbs.ts';
import { VERSION } from '@rhythmd/daemon/version.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
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
  for (const { name, usage } of VERBS) {
    assert.ok(out.includes(usage), name);
    assert.ok((await runCommand([name, '--help'])).out.includes(usage), name);
  }
});

test('every verb loads', async () => {
  for (const verb of VERBS) assert.equal(typeof (await verb.load()).run, 'function', verb.name);
});

test('the version is the packages', async () => {
  assert.equal((await runCommand(['--version'])).out, VERSION);
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  assert.equal((JSON.parse(text) as { version: string }).version, VERSION);
});

test('what the user can mend ends with 2, what failed with 1', () => {
  assert.equal(exitStatusOf(new RhythmdError('E_CONFIG_INVALID', '')), 2);
  assert.equal(exitStatusOf(new RhythmdError('E_USAGE', '')), 2);
  assert.equal(exitStatusOf(new RhythmdError('E_PORT_OPEN', '')), 1);
  assert.equal(exitStatusOf(new Error('surprise')), 1);
});
