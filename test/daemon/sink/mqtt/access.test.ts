/** How we get into a broker: passwords, certificates, other ways to connect. Nothing of it is ever said aloud. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { CredentialSources } from '@rhythmd/daemon/sink/mqtt/credentials.ts';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { TestAuthority } from '../../../support/certificates.ts';
import { beatEvent } from '../../../support/delivery/events.ts';
import { brokerOptions, LOOPBACK_BROKER, startMosquitto, startSink } from '../../../support/delivery/sink.ts';
import { Subscriber } from '../../../support/mqtt-subscriber.ts';
import { needsProgram } from '../../../support/needs.ts';
import { until } from '../../../support/until.ts';

const mosquittoThere = needsProgram('mosquitto', 'mosquitto_passwd', 'openssl');
const SECRET = 's3cr3t-pässwörd';

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'access-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function brokerWithPassword(t: TestContext) {
  const folder = await temporaryFolder(t);
  const passwords = join(folder, 'passwords');
  writeFileSync(passwords, '');
  execFileSync('mosquitto_passwd', ['-b', passwords, 'ecg', SECRET]);
  const mosquitto = await startMosquitto(t, {
    anonymous: false,
    configuration: [`password_file ${passwords}`],
  });
  return { mosquitto, folder };
}

test(
  'a wrong password: it says so without repeating it; the right one needs no restart',
  mosquittoThere,
  async (t) => {
    const { mosquitto, folder } = await brokerWithPassword(t);
    const passwordFile = join(folder, 'mine');
    await writeFile(passwordFile, 'wr0ng-one\n');
    const { sink, log } = await startSink(t, brokerOptions(mosquitto.url, { user: 'ecg', passwordFile }));
    await until(() => /E_BROKER_PASSWORD/.test(sink.brokerStatus().reason ?? ''), 'the reason');
    sink.beat(beatEvent(1));
    await writeFile(passwordFile, `${SECRET}\n`);
    await until(() => sink.outboxStatus()?.messages === 0, 'delivered with the new password');
    assert.doesNotMatch(log.text + JSON.stringify(sink.brokerStatus()), /wr0ng|s3cr3t/);
  },
);

for (const [way, sources] of [
  ['the configuration', () => ({ user: 'ecg', password: SECRET })],
  ['systemd', (folder: string) => ({ folder })],
] as const) {
  test(`user and password from ${way}`, mosquittoThere, async (t) => {
    const { mosquitto, folder } = await brokerWithPassword(t);
    await writeFile(join(folder, 'mqtt-user'), 'ecg\n');
    await writeFile(join(folder, 'mqtt-password'), SECRET);
    const { sink, log } = await startSink(t, brokerOptions(mosquitto.url, sources(folder)));
    await until(() => sink.brokerStatus().connected, 'connected');
    assert.doesNotMatch(log.text, /s3cr3t/);
  });
}

test('user and password in the URL are used and masked', mosquittoThere, async (t) => {
  const { mosquitto } = await brokerWithPassword(t);
  const url = `mqtt://ecg:${encodeURIComponent(SECRET)}@127.0.0.1:${mosquitto.port}`;
  const { sink, log } = await startSink(t, url);
  await until(() => sink.brokerStatus().connected, 'connected');
  assert.equal(sink.brokerStatus().url, `mqtt://***@127.0.0.1:${mosquitto.port}`);
  assert.doesNotMatch(log.text, /s3cr3t/);
});

test('a credential that cannot be read is a reason, not an end', async (t) => {
  const sources = { passwordFile: '/nowhere/password' };
  const { sink } = await startSink(t, brokerOptions('mqtt://127.0.0.1:1', sources));
  await until(() => /E_CREDENTIAL.*password_file/.test(sink.brokerStatus().reason ?? ''), 'the reason');
});

interface TlsCase {
  readonly name: string;
  readonly days?: number;
  readonly mutual?: boolean;
  readonly sources: (authority: TestAuthority, other: TestAuthority) => Partial<CredentialSources>;
  readonly reason: RegExp | null;
}

const TLS_CASES: readonly TlsCase[] = [
  {
    name: "the broker's certificate has expired",
    days: -1,
    sources: ({ ca }) => ({ caFile: ca }),
    reason: /E_BROKER_CERTIFICATE.*expired/,
  },
  { name: 'an authority nobody knows', sources: () => ({}), reason: /E_BROKER_CERTIFICATE.*ca_file/ },
  {
    name: 'another authority than ours',
    sources: (_, other) => ({ caFile: other.ca }),
    reason: /E_BROKER_CERTIFICATE/,
  },
  {
    name: 'the broker wants a certificate and we have none',
    mutual: true,
    sources: ({ ca }) => ({ caFile: ca }),
    reason: /E_BROKER_/,
  },
  { name: 'TLS', sources: ({ ca }) => ({ caFile: ca }), reason: null },
  {
    name: 'mutual TLS',
    mutual: true,
    sources: (authority) => {
      const { cert, key } = authority.sign('device');
      return { caFile: authority.ca, certFile: cert, keyFile: key };
    },
    reason: null,
  },
];

for (const { name, days = 30, mutual = false, sources, reason } of TLS_CASES) {
  test(`TLS: ${name}`, mosquittoThere, async (t) => {
    const [authority, other] = [new TestAuthority(), new TestAuthority()];
    t.after(() => authority.remove());
    t.after(() => other.remove());
    const server = authority.sign('server', days);
    const mosquitto = await startMosquitto(t, {
      configuration: [
        `cafile ${authority.ca}`,
        `certfile ${server.cert}`,
        `keyfile ${server.key}`,
        `require_certificate ${mutual}`,
      ],
    });
    const url = `mqtts://127.0.0.1:${mosquitto.port}`;
    const { sink } = await startSink(t, brokerOptions(url, sources(authority, other)));
    sink.beat(beatEvent(1));
    if (reason === null) {
      await until(() => sink.outboxStatus()?.messages === 0, 'delivered');
    } else {
      await until(
        () => reason.test(sink.brokerStatus().reason ?? ''),
        () => String(sink.brokerStatus().reason),
      );
      assert.equal(sink.outboxStatus()?.messages, 1);
    }
  });
}

test('over WebSocket', mosquittoThere, async (t) => {
  const mosquitto = await startMosquitto(t);
  // Debian's mosquitto opens no WebSocket without IPv6: a server of our own stands before it.
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  t.after(() => server.close());
  server.on('connection', (socket) => {
    const stream = createWebSocketStream(socket);
    const broker = connect(mosquitto.port, '127.0.0.1');
    // Either side may go while the other still speaks.
    stream.on('error', () => broker.destroy());
    broker.on('error', () => stream.destroy());
    stream.pipe(broker).pipe(stream);
  });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const { sink } = await startSink(t, `ws://127.0.0.1:${port}/mqtt`);
  const listener = await Subscriber.connect(t, mosquitto.url, 'ecg/d1/beat');
  sink.beat(beatEvent(1));
  await listener.until('ecg/d1/beat');
});

test('a broker that knows MQTT 3.1.1 only', async (t) => {
  const old = await startSink(t, null, { embedded: LOOPBACK_BROKER });
  const url = `mqtt://127.0.0.1:${old.sink.embeddedPort}`;
  // Another device than the one the broker itself speaks for.
  const { sink, log } = await startSink(t, url, { device: 'd2' });
  const listener = await Subscriber.connect(t, url, 'ecg/d2/beat');
  sink.beat(beatEvent(1));
  await listener.until('ecg/d2/beat');
  assert.match(log.text, /with MQTT 3\.1\.1/);
});
