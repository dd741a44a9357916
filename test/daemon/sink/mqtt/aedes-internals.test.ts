/**
 * Two parts of aedes that its types do not promise are used: the queues of its persistence (embedded-limits.ts), and a
 * client's memory of the last packet (keep-overtaken.ts). They were looked at in version 1.2.0; a newer one must still
 * have them, or the embedded broker loses its bounds in silence.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { Aedes, type Client } from 'aedes';
import mqttPacket from 'mqtt-packet';

test('the version that was looked at is the one that is installed', () => {
  const manifest = new URL('../../../../daemon/package.json', import.meta.url);
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    dependencies: Record<string, string>;
  };
  assert.equal(
    dependencies.aedes,
    '1.2.0',
    'read what the two files rely on in the new version, then this line',
  );
});

test('its persistence has the queues that are bounded', async () => {
  const broker = await Aedes.createBroker();
  try {
    const { persistence } = broker as unknown as { persistence: Record<string, unknown> };
    for (const method of [
      'outgoingEnqueueCombi',
      'outgoingClearMessageId',
      'outgoingStream',
      'cleanSubscriptions',
      'addSubscriptions',
    ]) {
      assert.equal(typeof persistence[method], 'function', method);
    }
  } finally {
    await new Promise<void>((resolve) => broker.close(() => resolve()));
  }
});

test('a client remembers the last packet of each broker, and looks it up there', async () => {
  const broker = await Aedes.createBroker();
  const server = createServer((socket) => broker.handle(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as { port: number }).port, '127.0.0.1');
  try {
    const ready = once(broker, 'clientReady');
    socket.write(
      mqttPacket.generate({
        cmd: 'connect',
        clientId: 'c',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        keepalive: 0,
      }),
    );
    const [client] = (await ready) as [Client];
    const { duplicates } = client as unknown as { duplicates: Record<string, number> };
    assert.equal(typeof duplicates, 'object');
    socket.write(
      mqttPacket.generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 't', qos: 0 }] }),
    );
    await once(broker, 'subscribe');
    const arrived = once(socket, 'data');
    broker.publish({ cmd: 'publish', topic: 't', payload: 'x', qos: 0, retain: false, dup: false }, () => {});
    await arrived;
    assert.ok(Object.keys(duplicates).length > 0, 'the numbers are kept somewhere else now');
  } finally {
    socket.destroy();
    server.close();
    await new Promise<void>((resolve) => broker.close(() => resolve()));
  }
});
