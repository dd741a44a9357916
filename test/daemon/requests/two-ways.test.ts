/**
 * Whatever is asked, MQTT and the WebSocket answer alike: the same thousand bodies, valid, out of range, of wrong types
 * and huge, through the embedded broker and through the page's stream, to one gateway.
 */
import assert from 'node:assert/strict';
import { type EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import { MqttSink } from '@rhythmd/daemon/sink/mqtt.ts';
import type { RequestResponse } from '@rhythmd/protocol/requests.ts';
import { REQUEST_VERBS } from '@rhythmd/protocol/requests.ts';
import fc from 'fast-check';
import { connectAsync } from 'mqtt';
import { WebSocket } from 'ws';
import { gatewayOf } from '../../support/gateway.ts';
import { Stage } from '../../support/stage.ts';

const BODIES = 1000;

const fieldValue = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 4000 }) },
  fc.double(),
  fc.constantFrom(-1, 1e9, 1e300, 3600, 3601, 60, 61, 0.5, 20, 2 ** 53),
  fc.string({ maxLength: 300 }),
  fc.constantFrom('208', '../208', '', 'MLII', 'x'.repeat(70), 'x'.repeat(5000)),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.integer(), { maxLength: 3 }),
);
const body = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.dictionary(
      fc.constantFrom('id', 'seconds', 'text', 'sample', 't_ms', 'lead', 'record', 'speed', 'fault', 'other'),
      fieldValue,
      { maxKeys: 4, noNullPrototype: true },
    ),
  },
  fc.constantFrom(
    null,
    5,
    'text',
    [1],
    { __proto__: null },
    { text: 'x'.repeat(20_000) },
    { text: 'y'.repeat(60_000) },
  ),
);
const verb = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...REQUEST_VERBS) },
  fc.constantFrom('dance', 'constructor', 'bench.', 'STRIP'),
);

const gateway = gatewayOf((asked, parsed) => ({ asked, parsed }));

async function overMqtt(t: { after(run: () => Promise<void>): void }) {
  const sink = new MqttSink({
    device: 'd1',
    embedded: { host: '127.0.0.1', port: 0, usersFile: '', certFile: '', keyFile: '' },
    external: null,
    homeAssistant: null,
    wave: false,
    requests: gateway,
    log: SILENT_LOGGER,
    // Both ways at the same moment: what is said of time is the same, too.
    nowMs: () => 0,
    monotonicMs: () => 0,
  });
  await sink.start();
  t.after(() => sink.stop());
  const client = await connectAsync(`mqtt://127.0.0.1:${sink.embeddedPort}`, { reconnectPeriod: 0 });
  t.after(() => client.endAsync(true));
  await client.subscribeAsync('ecg/d1/response/+', { qos: 1 });
  return async (asked: string, data: unknown, transaction: string): Promise<RequestResponse> => {
    const answered = once(client as unknown as EventEmitter, 'message') as Promise<[string, Buffer]>;
    const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
    const payload = JSON.stringify(isObject ? { transaction, ...data } : data);
    await client.publishAsync(`ecg/d1/request/${asked}`, payload, { qos: 1 });
    const [topic, text] = await answered;
    assert.equal(topic, `ecg/d1/response/${asked}`);
    return JSON.parse(text.toString());
  };
}

async function overWebSocket(t: { after(run: () => Promise<void>): void }) {
  const stage = new Stage({ requests: gateway });
  const url = await stage.start();
  t.after(() => stage.stop());
  const socket = new WebSocket(`${url.replace('http', 'ws')}stream`);
  await once(socket, 'open');
  const waiting: ((response: RequestResponse) => void)[] = [];
  socket.on('message', (data, isBinary) => {
    if (isBinary) return;
    const { response, topic, ...rest } = JSON.parse(String(data));
    if (response !== undefined) waiting.shift()?.(rest);
  });
  return (asked: string, data: unknown, transaction: string): Promise<RequestResponse> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      socket.send(JSON.stringify({ request: asked, transaction, data }));
    });
}

test('MQTT and the WebSocket give a thousand bodies the same answers', async (t) => {
  const mqtt = await overMqtt(t);
  const webSocket = await overWebSocket(t);
  const counts = { ok: 0, error: 0 };
  let n = 0;
  await fc.assert(
    fc.asyncProperty(verb, body, async (asked, data) => {
      const transaction = `t${n++}`;
      const [one, other] = await Promise.all([
        mqtt(asked, data, transaction),
        webSocket(asked, data, transaction),
      ]);
      counts[one.status]++;
      // A body that is no object has no place for a transaction on MQTT.
      assert.deepEqual({ ...other, transaction: null }, { ...one, transaction: null });
      if (one.status === 'ok') assert.equal(one.transaction, other.transaction);
    }),
    { numRuns: BODIES, seed: 7 },
  );
  assert.ok(counts.ok > BODIES / 20 && counts.error > BODIES / 4, JSON.stringify(counts));
});
