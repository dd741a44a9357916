/** What strangers do to the embedded broker's port. An error that nobody caught would fail this file. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import { EmbeddedBroker } from '@rhythmd/daemon/sink/mqtt/embedded-broker.ts';
import { MAX_CLIENTS, MAX_SESSIONS } from '@rhythmd/daemon/sink/mqtt/embedded-limits.ts';
import { topicsOf } from '@rhythmd/protocol/topics.ts';
import { connectAsync } from 'mqtt';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { rawSocket, say, sayAndReset } from '../../../support/attack/raw.ts';
import { LOOPBACK_BROKER } from '../../../support/delivery/sink.ts';
import { Subscriber } from '../../../support/mqtt-subscriber.ts';
import { until } from '../../../support/until.ts';

const topics = topicsOf('d1');

async function startBroker(t: TestContext) {
  const broker = new EmbeddedBroker(LOOPBACK_BROKER, topics, SILENT_LOGGER);
  await broker.start([topics.requests], () => {});
  t.after(() => broker.stop());
  const port = broker.port ?? 0;
  const url = `mqtt://127.0.0.1:${port}`;
  const serves = async () => {
    const listener = await Subscriber.connect(t, url, 'ecg/d1/beat');
    broker.publish('ecg/d1/beat', 'a beat', 1, false);
    await listener.until('ecg/d1/beat');
    await listener.client.endAsync();
  };
  return { broker, port, url, serves };
}

function bytes(...packets: readonly Packet[]): Buffer {
  return Buffer.concat(packets.map((packet) => mqttPacket.generate(packet)));
}

function connectPacket(clientId: string, more: object = {}): Packet {
  return {
    cmd: 'connect',
    clientId,
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    keepalive: 0,
    ...more,
  };
}

test('garbage, half packets and resets end nothing', async (t) => {
  const { port, serves } = await startBroker(t);
  const good = bytes(connectPacket('x'), {
    cmd: 'subscribe',
    messageId: 1,
    subscriptions: [{ topic: '#', qos: 1 }],
  });
  const wrong: (string | Buffer)[] = [
    '',
    '\x00',
    '\x10',
    '\x10\x00',
    'GET / HTTP/1.1\r\n\r\n',
    '\x16\x03\x01\x02\x00',
    Buffer.from([0x10, 4, 0, 4, 0x4d, 0x51]),
    Buffer.from([0xc0, 0, 0xc0, 0]),
    Buffer.concat([good, Buffer.from([0xff, 0xff])]),
    bytes(connectPacket('twice'), connectPacket('twice')),
    bytes({ cmd: 'publish', topic: 'before/connect', payload: 'x', qos: 0, dup: false, retain: false }),
    bytes(connectPacket('v5', { protocolVersion: 5 })),
    bytes(connectPacket('', { clean: true })),
    bytes(
      connectPacket('w', {
        will: { topic: 'ecg/d1/alert', payload: Buffer.from('x'), qos: 1, retain: true },
      }),
    ),
    bytes(connectPacket('s'), {
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: 'a/#/b', qos: 0 }],
    }),
    bytes(connectPacket('r'), { cmd: 'pubrel', messageId: 9 }, { cmd: 'puback', messageId: 9 }),
  ];
  for (const what of wrong) {
    await sayAndReset(port, what);
    await sayAndReset(port, what.slice(0, what.length >> 1));
    const socket = await rawSocket(port);
    socket.end(what);
    await new Promise<void>((resolve) => socket.once('close', resolve).resume());
  }
  await serves();
});

test('an unfinished packet is not gathered', async (t) => {
  const { broker, port, serves } = await startBroker(t);
  for (const head of [
    [0x10, 0xff, 0xff, 0xff, 0x7f],
    [0x30, 0xff, 0xff, 0xff, 0x7f],
  ]) {
    const socket = await rawSocket(port);
    socket.write(Buffer.from(head));
    const film = Buffer.alloc(1 << 20);
    let sent = 0;
    const pour = () => {
      while (!socket.destroyed && sent < 250) {
        sent++;
        if (socket.write(film)) continue;
        socket.once('drain', pour);
        return;
      }
    };
    pour();
    await until(() => socket.closed, 'the door closes');
    assert.ok(sent < 250, `${sent} MB were taken`);
  }
  assert.equal(broker.counts.refused, 2);
  await serves();
});

test('connections that never say CONNECT keep nobody out', async (t) => {
  const { port, serves } = await startBroker(t);
  const sockets = [];
  for (let i = 0; i < 3 * MAX_CLIENTS; i++) {
    const socket = await rawSocket(port);
    if (i % 2) socket.write(Buffer.from([0x10]));
    sockets.push(socket);
  }
  await serves();
  for (const socket of sockets) socket.destroy();
});

test('a client beyond the bound is refused and let go', async (t) => {
  const { port } = await startBroker(t);
  const inside = [];
  for (let i = 0; i < MAX_CLIENTS; i++) {
    const socket = await rawSocket(port);
    socket.write(bytes(connectPacket(`client-${i}`)));
    await new Promise((resolve) => socket.once('data', resolve));
    inside.push(socket);
  }
  await say(port, bytes(connectPacket('one too many')));
  assert.ok(inside.every((socket) => !socket.closed));
  for (const socket of inside) socket.destroy();
});

test('a client has as many subscriptions as it needs, and no more; other turns come between', async (t) => {
  const { url, serves } = await startBroker(t);
  const client = await connectAsync(url, { reconnectPeriod: 0 }, false);
  const granted = [];
  for (let i = 0; i < 5; i++) {
    const many = Object.fromEntries(
      Array.from({ length: 1000 }, (_, n) => [`${i}/${n}`, { qos: 0 as const }]),
    );
    // Refused ones are an error of the whole call in MQTT.js.
    await client.subscribeAsync(many).catch((error) => granted.push(String(error)));
  }
  assert.equal(granted.length, 5);
  const own = await client.unsubscribeAsync(Array.from({ length: 50 }, (_, n) => `0/${n}`));
  assert.ok(own);
  assert.equal((await client.subscribeAsync('late'))[0]?.qos, 0, 'what is given back can be had again');
  await client.endAsync(true);
  await serves();
});

test('sessions that nobody comes back to are forgotten, the oldest first', async (t) => {
  const { broker, url } = await startBroker(t);
  const listener = await Subscriber.connect(t, url, 'ecg/d1/beat', { clientId: 'kept', clean: false });
  for (let i = 0; i < MAX_SESSIONS + 5; i++) {
    const client = await connectAsync(
      url,
      { clientId: `gone-${i}`, clean: false, reconnectPeriod: 0 },
      false,
    );
    await client.subscribeAsync('ecg/d1/beat', { qos: 1 });
    await client.endAsync();
  }
  assert.equal(broker.counts.evicted, 6);
  broker.publish('ecg/d1/beat', 'a beat', 1, false);
  await listener.until('ecg/d1/beat');
  for (const [id, present] of [
    ['gone-0', false],
    [`gone-${MAX_SESSIONS + 4}`, true],
  ] as const) {
    const client = await connectAsync(url, { clientId: id, clean: false, reconnectPeriod: 0 }, false);
    const seen: string[] = [];
    client.on('message', (topic) => seen.push(topic));
    await client.subscribeAsync('ping', { qos: 1 });
    await client.publishAsync('ping', 'x', { qos: 1 });
    await until(() => seen.includes('ping'), 'what waited has come before this');
    assert.equal(seen.includes('ecg/d1/beat'), present, id);
    await client.endAsync(true);
  }
});

test('a client that floods waits; the others notice nothing', async (t) => {
  const { port, serves } = await startBroker(t);
  const flooder = await rawSocket(port);
  flooder.write(bytes(connectPacket('flooder')));
  await new Promise((resolve) => flooder.once('data', resolve));
  const one = bytes({ cmd: 'publish', topic: 'x', payload: '', qos: 0, dup: false, retain: false });
  const many = Buffer.concat(Array.from({ length: 100_000 }, () => one));
  flooder.write(many);
  await serves();
  assert.ok(flooder.writableLength > 0 || flooder.bytesWritten > 0);
  assert.equal(flooder.closed, false);
  flooder.destroy();
});
