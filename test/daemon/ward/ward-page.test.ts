/** `rhythmd ward`: what it refuses, and what it serves to whom. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { createServer } from 'node:tls';
import { lookAtBroker } from '@rhythmd/daemon/ward/look-at-broker.ts';
import { TestAuthority } from '../../support/certificates.ts';
import { freePort } from '../../support/mosquitto.ts';
import { needsProgram } from '../../support/needs.ts';
import { RunningCommand } from '../../support/running-command.ts';
import { until } from '../../support/until.ts';
import { isServed } from '../../support/ward-beds.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-ward-'));
after(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function refuses(t: TestContext, words: readonly string[], line: RegExp): Promise<void> {
  const command = await RunningCommand.start(t, {}, ['ward', ...words]);
  assert.equal(await command.ended, 2, command.lines.join('\n'));
  assert.match(command.lines.join('\n'), line);
}

test('addresses and lists that cannot be used are refused, with what is wrong in each', async (t) => {
  const ws = ['--broker', 'ws://127.0.0.1:9001'];
  await refuses(t, [], /--broker URL is missing/);
  await refuses(t, ['--broker', 'mqtt://127.0.0.1'], /E_WARD_BROKER: .*no address of MQTT over WebSocket/);
  await refuses(
    t,
    ['--broker', 'wss://nurse:secret@h/ws'],
    /E_WARD_BROKER: --broker wss:\/\/h has a password/,
  );
  await refuses(t, [...ws, '--beds', join(folder, 'none.toml')], /E_CONFIG_FILE/);
  await refuses(t, [...ws, '--beds', fileOf('bad.json', '{"beds":')], /E_WARD_FILE: .*bad\.json/);
  await refuses(
    t,
    [...ws, '--beds', fileOf('bad.toml', '[[beds]]\ndevice = 7')],
    /E_WARD_FILE: .*beds\[1\]\.device: is 7, must be a text/,
  );
  await refuses(t, [...ws, '--beds', 'x', '--beds-topic', 'y'], /one list is enough/);
});

test('it serves files and settings to this machine, and lets the page speak to its brokers only', async (t) => {
  const beds = fileOf('beds.toml', 'title = "Ward 3"\n[[beds]]\ndevice = "icu/b1"\nlabel = "<b>1</b>"\n');
  const words = [
    'ward',
    '--broker',
    'wss://one.example:9001/ws',
    '--broker',
    'ws://127.0.0.1:9002',
    '--port',
    '0',
    '--beds',
    beds,
  ];
  const command = await RunningCommand.start(t, {}, words);
  const url = /http:\S+/.exec(await command.said(/the ward is at/))![0].replace(/,$/, '');
  await until(() => isServed(url), 'the page');
  const page = await fetch(url);
  assert.match(
    page.headers.get('content-security-policy') ?? '',
    /connect-src 'self' wss:\/\/one\.example:9001 ws:\/\/127\.0\.0\.1:9002;/,
  );
  assert.match(await page.text(), /assets\/page\.js/);
  const settings = async () => (await fetch(`${url}ward.json`)).json() as Promise<Record<string, unknown>>;
  assert.deepEqual(await settings(), {
    brokers: ['wss://one.example:9001/ws', 'ws://127.0.0.1:9002'],
    bedsTopic: null,
    ward: {
      title: 'Ward 3',
      history: null,
      beds: [{ base: 'ecg/icu/b1', device: 'icu/b1', label: '<b>1</b>', page: null }],
    },
  });
  // The list is read again with the page; one that was spoilt meanwhile is told, in words.
  fileOf('beds.toml', '[[beds]]\n');
  const spoilt = await fetch(`${url}ward.json`);
  assert.equal(spoilt.status, 400);
  assert.match(await spoilt.text(), /beds\[1\]\.device is missing/);
  assert.equal(await statusByName(url, 'evil.example'), 421);
  for (const path of ['stream', 'api/state', '../package.json'])
    assert.equal((await fetch(url + path)).status, 404, path);
});

test(
  'a broker that cannot be reached, or whose certificate has expired, is told where it is started',
  needsProgram('openssl'),
  async (t) => {
    const authority = new TestAuthority();
    t.after(() => authority.remove());
    const { cert, key } = authority.sign('broker', -1);
    const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const expired = `wss://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    assert.match(String((await lookAtBroker(expired))?.message), /certificate has expired|unknown authority/);
    assert.match(
      String((await lookAtBroker(`ws://127.0.0.1:${await freePort()}`))?.message),
      /nothing listens there/,
    );
  },
);

function statusByName(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}
