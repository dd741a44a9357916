import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import { EmbeddedBroker, type EmbeddedBrokerOptions } from '@rhythmd/daemon/sink/mqtt/embedded-broker.ts';
import {
  HOPELESS_CLIENT_BYTES,
  MAX_FOREIGN_RETAINED,
  MAX_OFFLINE_MESSAGES,
} from '@rhythmd/daemon/sink/mqtt/embedded-limits.ts';
import type { IncomingMessage } from '@rhythmd/daemon/sink/mqtt/messages.ts';
import { userLine } from '@rhythmd/daemon/sink/mqtt/users.ts';
import { topicsOf } from '@rhythmd/protocol/topics.ts';
import { connectAsync } from 'mqtt';
import { Subscriber } from '../../../support/mqtt-subscriber.ts';
import { connectStuckSubscriber } from '../../../support/stuck-subscriber.ts';
import { until } from '../../../support/until.ts';

const topics = topicsOf('d1');
const LOOPBACK: EmbeddedBrokerOptions = {
  host: '127.0.0.1',
  port: 0,
  usersFile: '',
  certFile: '',
  keyFile: '',
};

async function startBroker(t: TestContext, options: Partial<EmbeddedBrokerOptions> = {}) {
  const broker = new EmbeddedBroker({ ...LOOPBACK, ...options }, topics, SILENT_LOGGER);
  const incoming: IncomingMessage[] = [];
  await broker.start([topics.requests], (message, answer) => {
    incoming.push(message);
    answer('ecg/d1/response/mark', 'done', null);
  });
  t.after(() => broker.stop());
  return { broker, incoming, url: `mqtt://127.0.0.1:${broker.port}` };
}

test('a busy port is an error with a code, and nothing stays open', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  t.after(() => other.close());
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const broker = new EmbeddedBroker({ ...LOOPBACK, port }, topics, SILENT_LOGGER);
  await assert.rejects(
    broker.start([], () => {}),
    { code: 'E_BROKER_PORT', fix: /mqtt\.url/ },
  );
  assert.equal(broker.running, false);
  broker.publish('ecg/d1/beat', 'nobody hears it', 1, false);
  await broker.stop();
});

for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org']) {
  test(`it does not open itself to the network without users and TLS: ${host}`, async () => {
    for (const half of [{}, { usersFile: 'users' }, { certFile: 'c', keyFile: 'k' }]) {
      const broker = new EmbeddedBroker({ ...LOOPBACK, host, ...half }, topics, SILENT_LOGGER);
      await assert.rejects(
        broker.start([], () => {}),
        { code: 'E_BROKER_OPEN' },
      );
    }
  });
}

test('a wrong password is refused, a right one not', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'users-'));
  t.after(() => rm(folder, { recursive: true }));
  const usersFile = join(folder, 'users');
  await writeFile(usersFile, `# who\n\n${await userLine('nurse', 'right')}\n`);
  const { broker, url } = await startBroker(t, { usersFile });
  const options = { reconnectPeriod: 0, username: 'nurse' };
  for (const password of ['wrong', '']) {
    await assert.rejects(connectAsync(url, { ...options, password }, false), /Bad username/);
  }
  assert.equal(broker.counts.refused, 2);
  await (await connectAsync(url, { ...options, password: 'right' }, false)).endAsync();
});

test('a request carries who asked: the name that the password proved, and from where', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'users-'));
  t.after(() => rm(folder, { recursive: true }));
  const usersFile = join(folder, 'users');
  await writeFile(usersFile, await userLine('nurse', 'right'));
  for (const [file, more, user] of [
    [usersFile, { username: 'nurse', password: 'right' }, 'nurse'],
    ['', { username: 'nurse', password: 'unproved' }, null],
  ] as const) {
    const { url, incoming } = await startBroker(t, { usersFile: file });
    const options = { reconnectPeriod: 0, clientId: 'tablet', ...more };
    const client = await connectAsync(url, options, false);
    await client.publishAsync('ecg/d1/request/mark', '{}', { qos: 1 });
    await until(() => incoming.length > 0, 'the request');
    assert.deepEqual(incoming[0]?.requester, { via: 'embedded broker', user, from: '127.0.0.1 (tablet)' });
    await client.endAsync();
  }
});

test('nobody else speaks in our name', async (t) => {
  const { url } = await startBroker(t);
  const listener = await Subscriber.connect(t, url, '#');
  const forger = await connectAsync(url, { reconnectPeriod: 0 }, false);
  forger.publish('ecg/d1/alert', '{}', { qos: 1 });
  await new Promise<void>((resolve) => forger.once('close', () => resolve()));
  assert.deepEqual(listener.received, []);
});

test('requests arrive and are answered', async (t) => {
  const { url, incoming } = await startBroker(t);
  const asker = await Subscriber.connect(t, url, 'ecg/d1/response/+');
  await asker.client.publishAsync('ecg/d1/request/mark', '{"text":"hello"}', { qos: 1 });
  await asker.until('ecg/d1/response/mark');
  assert.equal(incoming[0]?.payload, '{"text":"hello"}');
});

test('what is retained comes first to a new subscriber, the rest in order', async (t) => {
  const { broker, url } = await startBroker(t);
  broker.publish('ecg/d1/state', 'online', 1, true);
  const listener = await Subscriber.connect(t, url, 'ecg/d1/#');
  await listener.until('ecg/d1/state');
  assert.equal(listener.received[0]?.retain, true);
  for (let i = 0; i < 500; i++) broker.publish('ecg/d1/beat', String(i), 1, false);
  await listener.until('ecg/d1/beat', 500);
  assert.deepEqual(
    listener.on('ecg/d1/beat').map((message) => Number(message.text)),
    Array.from({ length: 500 }, (_, i) => i),
  );
});

test('a subscriber that does not read is closed; the others notice nothing', async (t) => {
  const { broker, url } = await startBroker(t);
  const stuck = await connectStuckSubscriber(broker.port ?? 0, 'stuck');
  t.after(() => stuck.destroy());
  const listener = await Subscriber.connect(t, url, 'ecg/d1/beat');
  const strip = Buffer.alloc(64 * 1024, 'x');
  // The kernel's socket buffers fill first, then ours.
  for (let i = 0; broker.counts.closedSlow === 0 && i < 1000; i++) {
    broker.publish('ecg/d1/strip/a', strip, 1, false);
    broker.publish('ecg/d1/beat', String(i), 1, false);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(broker.counts.closedSlow, 1, `closed above ${HOPELESS_CLIENT_BYTES} bytes`);
  broker.publish('ecg/d1/beat', 'last', 1, false);
  await until(() => listener.received.at(-1)?.text === 'last', 'the last beat arrives');
});

test('a session that is away keeps its first messages, and no more than its bound', async (t) => {
  const { broker, url } = await startBroker(t);
  const session = { clientId: 'away', clean: false };
  const before = await Subscriber.connect(t, url, 'ecg/d1/beat', session);
  await before.client.endAsync();
  const sent = MAX_OFFLINE_MESSAGES + 10;
  for (let i = 0; i < sent; i++) broker.publish('ecg/d1/beat', String(i), 1, false);
  await until(() => broker.counts.offlineDropped === 10, 'the queue is full');
  const after = await Subscriber.connect(t, url, 'ecg/d1/beat', session);
  await after.until('ecg/d1/beat', MAX_OFFLINE_MESSAGES);
  assert.equal(after.received[0]?.text, '0');
  assert.equal(after.received[MAX_OFFLINE_MESSAGES - 1]?.text, String(MAX_OFFLINE_MESSAGES - 1));
  // What was delivered makes room again.
  await after.client.endAsync();
  broker.publish('ecg/d1/beat', 'new', 1, false);
  await until(() => true, 'queued');
  assert.equal(broker.counts.offlineDropped, 10);
});

test('a message that is overtaken by a faster one still arrives', async (t) => {
  const { broker, url } = await startBroker(t);
  const subscriber = await Subscriber.connect(t, url, '#');
  for (let round = 0; round < 20; round++) {
    broker.publish('ecg/d1/lead', String(round), 1, true);
    broker.publish('ecg/d1/info', String(round), 1, true);
    broker.publish('ecg/d1/beat', String(round), 1, false);
    broker.publish('ecg/d1/health', String(round), 0, true);
  }
  for (const topic of ['lead', 'info', 'beat', 'health']) await subscriber.until(`ecg/d1/${topic}`, 20);
  for (const topic of ['lead', 'info', 'beat', 'health']) {
    assert.deepEqual(
      subscriber.on(`ecg/d1/${topic}`).map(({ text }) => Number(text)),
      Array.from({ length: 20 }, (_, round) => round),
      topic,
    );
  }
});

test('others retain no more than the bound', async (t) => {
  const { url } = await startBroker(t);
  const other = await Subscriber.connect(t, url, 'none');
  for (let i = 0; i < MAX_FOREIGN_RETAINED + 20; i++) {
    await other.client.publishAsync(`others/${i}`, 'kept', { qos: 1, retain: true });
  }
  await other.client.publishAsync('others/0', '', { qos: 1, retain: true });
  await other.client.publishAsync('others/late', 'kept', { qos: 1, retain: true });
  const late = await Subscriber.connect(t, url, 'others/#');
  await late.until('others/late');
  assert.equal(late.received.filter(({ retain }) => retain).length, MAX_FOREIGN_RETAINED);
});
