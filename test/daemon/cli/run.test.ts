import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { findRecord } from '@rhythmd/records/folders.ts';
import { zipSync } from 'fflate';
import { freePort } from '../../support/mosquitto.ts';
import { Subscriber } from '../../support/mqtt-subscriber.ts';
import { needsRecord, repositoryRoot } from '../../support/needs.ts';
import { RunningCommand } from '../../support/running-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'rhythmd-run-'));
after(() => rmSync(folder, { recursive: true }));

async function busyPort(t: TestContext): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The daemon refuses to start: one line with the code, and the status. */
async function refuses(
  t: TestContext,
  environment: NodeJS.ProcessEnv,
  status: number,
  line: RegExp,
  words = ['run'],
) {
  const command = await RunningCommand.start(t, environment, words);
  assert.equal(await command.ended, status, command.lines.join('\n'));
  const errors = command.lines.filter((said) => /^E_/.test(said));
  assert.equal(errors.length, 1, command.lines.join('\n'));
  assert.match(errors[0]!, line);
}

test('a configuration that makes no sense is refused with 2', async (t) => {
  await refuses(t, { RHYTHMD_SOURCE_URL: 'tcp://nowhere' }, 2, /^E_SOURCE_URL: .*host and port.*Examples/);
  await refuses(t, { RHYTHMD_SOURCE_BOARD: 'abacus' }, 2, /^E_BOARD_UNKNOWN: /);
  await refuses(
    t,
    { RHYTHMD_WEB_PORT: '99999' },
    2,
    /^E_CONFIG_INVALID: .*RHYTHMD_WEB_PORT: is 99999.*0 to 65535/,
  );
  const file = join(folder, 'unknown.toml');
  writeFileSync(file, '[web]\nprot = 1\n');
  await refuses(t, {}, 2, /^E_CONFIG_INVALID: .*web\.prot: no such key, did you mean web\.port\?/, [
    'run',
    '--config',
    file,
  ]);
});

test('a page for everybody without a token is refused', async (t) => {
  await refuses(t, { RHYTHMD_WEB_HOST: '0.0.0.0' }, 2, /^E_WEB_TOKEN: /);
});

test('a record that is not there, and one that is cut off', needsRecord('100'), async (t) => {
  await refuses(t, { RHYTHMD_SOURCE_URL: 'wfdb:no-such-record' }, 1, /^E_RECORD_NOT_FOUND: .*no-such-record/);
  const source = findRecord('100')!;
  copyFileSync(`${source}.hea`, join(folder, '100.hea'));
  writeFileSync(join(folder, '100.dat'), readFileSync(`${source}.dat`).subarray(0, 100_000));
  await refuses(t, { RHYTHMD_SOURCE_URL: `wfdb:${folder}/100` }, 1, /^E_WFDB_\w+: .*100\.dat/);
});

test('a model asked for by name that is not there is refused', async (t) => {
  await refuses(t, {}, 1, /^E_MODEL_MISSING: /, ['run', '--model', join(folder, 'no-such.zip')]);
});

test('an archive with one flipped byte is refused', async (t) => {
  const shipped = join(repositoryRoot, 'models/beatnet');
  const onnx = readFileSync(join(shipped, 'model.onnx'));
  onnx[onnx.length >> 1]! ^= 1;
  const path = join(folder, 'flipped.zip');
  const card = readFileSync(join(shipped, 'card.json'));
  writeFileSync(path, zipSync({ 'model.onnx': new Uint8Array(onnx), 'card.json': new Uint8Array(card) }));
  await refuses(t, {}, 1, /^E_MODEL_HASH: /, ['run', '--model', path]);
});

test('a model that is not what its card says is refused', async (t) => {
  const model = join(folder, 'model');
  mkdirSync(model);
  const card = {
    name: 'wrong',
    version: '1',
    sha256: '0'.repeat(64),
    labels: ['N', 'V', 'F', '/', 'f', 'other'],
    input: { shape: [3, 36, 36], rateHz: 360, normalisation: 'running', channels: 'replicated' },
    output: 'probabilities',
    measured: {},
  };
  writeFileSync(join(model, 'card.json'), JSON.stringify(card));
  writeFileSync(join(model, 'model.onnx'), 'something else');
  await refuses(t, { RHYTHMD_MODEL_PATH: model }, 1, /^E_MODEL_HASH: .*Copy|copy/);
});

test('without a model, page or broker port the rest goes on', async (t) => {
  const port = await busyPort(t);
  const withoutPage = await RunningCommand.start(t, {
    RHYTHMD_WEB_PORT: String(port),
    RHYTHMD_MODEL_PATH: folder,
  });
  await withoutPage.said(new RegExp(`error web: E_WEB_PORT: .*${port}`));
  await withoutPage.said(/warn {2}model: E_MODEL_MISSING: .*unclassified/);
  await withoutPage.said(/source: E_/);
  assert.equal(await withoutPage.stop(), 130);

  const withoutBroker = await RunningCommand.start(t, { RHYTHMD_MQTT_EMBEDDED_PORT: String(port) });
  await withoutBroker.said(new RegExp(`error mqtt: E_BROKER_PORT: .*${port}`));
  assert.equal((await fetch(`${await withoutBroker.pageUrl()}healthz`)).status, 200);
  assert.equal(await withoutBroker.stop('SIGTERM'), 0);
});

test('an unreachable broker is told, and the embedded one and the page go on', async (t) => {
  const [dead, embedded] = [await freePort(), await freePort()];
  const command = await RunningCommand.start(t, {
    RHYTHMD_MQTT_URL: `mqtt://127.0.0.1:${dead}`,
    RHYTHMD_MQTT_EMBEDDED_PORT: String(embedded),
  });
  await command.said(/mqtt: E_\w+: .*\d+/);
  assert.equal((await fetch(`${await command.pageUrl()}healthz`)).status, 200);
  const subscriber = await Subscriber.connect(t, `mqtt://127.0.0.1:${embedded}`, 'ecg/rhythmd-1/#');
  await subscriber.until('ecg/rhythmd-1/health');
  assert.equal(subscriber.json('ecg/rhythmd-1/health')[0].broker.connected, false);
  assert.equal(subscriber.json('ecg/rhythmd-1/state')[0].state, 'online');
  await subscriber.close();
  assert.equal(await command.stop(), 130);
});
