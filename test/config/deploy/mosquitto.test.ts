/** The example configurations run in a real mosquitto; only paths, ports and the address of the cluster are replaced. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connectAsync, type IClientOptions } from 'mqtt';
import { alertEvent, beatEvent } from '../../support/delivery/events.ts';
import { brokerOptions, startSink } from '../../support/delivery/sink.ts';
import { gatewayOf } from '../../support/gateway.ts';
import { Mosquitto } from '../../support/mosquitto.ts';
import { Subscriber } from '../../support/mqtt-subscriber.ts';
import { needsProgram, repositoryRoot } from '../../support/needs.ts';
import { until } from '../../support/until.ts';

const deploy = join(repositoryRoot, 'config/deploy/mosquitto');
/** Of the test that runs: they go before their folder does. */
const brokers: Mosquitto[] = [];
const programs = needsProgram('mosquitto', 'mosquitto_passwd', 'openssl');

/** Users and certificates as README and the comments say, in a folder of the test. */
function setUp(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  t.after(async () => {
    for (const broker of brokers.splice(0)) await broker.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  execFileSync(join(deploy, 'make-certificates.sh'), [folder, '127.0.0.1', 'd1'], { stdio: 'ignore' });
  const passwords = join(folder, 'passwords');
  execFileSync('mosquitto_passwd', ['-c', '-b', passwords, 'd1', 'device-secret']);
  execFileSync('mosquitto_passwd', ['-b', passwords, 'dashboard', 'dashboard-secret']);
  copyFileSync(join(deploy, 'acl'), join(folder, 'acl'));
  return folder;
}

/** The lines of a configuration with this test's folder, its own listener left to the broker of the test. */
function linesOf(file: string, folder: string): string[] {
  return readFileSync(join(deploy, file), 'utf8')
    .replaceAll('/etc/mosquitto/rhythmd/', `${folder}/`)
    .replaceAll('/var/lib/mosquitto/', `${folder}/`)
    .split('\n')
    .filter((line) => !/^(listener|allow_anonymous|persistence_location) /.test(line));
}

async function start(configuration: readonly string[], anonymous: boolean, folder: string) {
  const state = mkdtempSync(join(folder, 'state-'));
  const mosquitto = new Mosquitto({ configuration, anonymous, persistenceFolder: state });
  brokers.push(mosquitto);
  await mosquitto.start();
  return mosquitto;
}

const dashboard = (folder: string): IClientOptions => ({
  username: 'dashboard',
  password: 'dashboard-secret',
  ca: readFileSync(join(folder, 'ca.pem')),
});

test('rhythmd.conf: TLS, users, and everybody on their own topics', programs, async (t) => {
  const folder = setUp(t);
  const mosquitto = await start(linesOf('rhythmd.conf', folder), false, folder);
  const url = `mqtts://127.0.0.1:${mosquitto.port}`;
  await assert.rejects(connectAsync(mosquitto.url, { reconnectPeriod: 0, connectTimeout: 2000 }, false));
  await assert.rejects(
    connectAsync(url, { ...dashboard(folder), password: 'wrong', reconnectPeriod: 0 }, false),
    /not authorized/i,
  );
  const viewer = await Subscriber.connect(t, url, 'ecg/#', dashboard(folder));
  const sources = { user: 'd1', password: 'device-secret', caFile: join(folder, 'ca.pem') };
  const { sink } = await startSink(t, brokerOptions(url, sources), {
    requests: gatewayOf((verb) => ({ verb })),
  });
  sink.beat(beatEvent(1));
  sink.alert(alertEvent('a1', 'start'));
  await viewer.until('ecg/d1/beat');
  await viewer.until('ecg/d1/alert');
  // A dashboard may ask, but not speak in the device's name.
  await viewer.client.publishAsync('ecg/d1/alert', '{"forged":true}', { qos: 1 });
  await until(async () => {
    await viewer.client.publishAsync('ecg/d1/request/mark', '{}', { qos: 1 });
    return viewer.on('ecg/d1/response/mark').length > 0;
  }, 'an answer');
  assert.equal(viewer.on('ecg/d1/alert').length, 1);
});

test('bridge.conf: what the cluster misses waits in the bridge', programs, async (t) => {
  const folder = setUp(t);
  const cluster = await start(linesOf('rhythmd.conf', folder), false, folder);
  const bridgeLines = linesOf('bridge.conf', folder).map((line) =>
    line
      .replace('broker.example.org:8883', `127.0.0.1:${cluster.port}`)
      .replace('rhythmd-1', 'd1')
      .replace('change-me', 'device-secret')
      .replace('restart_timeout 1 30', 'restart_timeout 1 2'),
  );
  const bridge = await start(bridgeLines, true, folder);
  const url = `mqtts://127.0.0.1:${cluster.port}`;
  const session = { ...dashboard(folder), clientId: 'viewer', clean: false };
  const viewer = await Subscriber.connect(t, url, 'ecg/#', session);
  const { sink } = await startSink(t, bridge.url);
  sink.beat(beatEvent(1));
  await viewer.until('ecg/d1/beat');
  await cluster.kill('SIGTERM');
  for (let seq = 2; seq <= 50; seq++) sink.beat(beatEvent(seq));
  await until(() => sink.outboxStatus()?.messages === 0, 'the bridge has them');
  await cluster.start();
  // Some come twice: the bridge repeats what the cluster had not acknowledged.
  const first = () => [...new Set(viewer.json('ecg/d1/beat').map(({ seq }) => seq))];
  await until(
    () => first().length === 50,
    () => `50 beats; so far ${first()}`,
  );
  assert.deepEqual(
    first(),
    Array.from({ length: 50 }, (_, i) => i + 1),
  );
});

test('make-certificates.sh explains itself', () => {
  assert.throws(
    () => execFileSync(join(deploy, 'make-certificates.sh'), { stdio: 'pipe' }),
    (error: { status: number; stdout: Buffer }) => {
      assert.equal(error.status, 2);
      return /FOLDER/.test(error.stdout.toString());
    },
  );
});
