/** The examples of docs/protocol.md: each fits its schema, and arrives on its topic with its QoS and retain flag. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import { MqttSink } from '@rhythmd/daemon/sink/mqtt.ts';
import * as examples from '@rhythmd/protocol/examples.ts';
import { TOPICS, type TopicName } from '@rhythmd/protocol/topic-table.ts';
import { connectAsync } from 'mqtt';
import * as v from 'valibot';
import { EXAMPLE_OF } from '../docs/protocol-page.ts';
import { until } from '../support/until.ts';

for (const [name, { schema }] of Object.entries(TOPICS)) {
  if (schema === null) continue;
  test(`the example of ${name} fits its schema, and every field is said`, () => {
    const example = EXAMPLE_OF[name as TopicName];
    assert.deepEqual(v.parse(schema as v.GenericSchema, example), example);
  });
}

test('the examples arrive as the table says', async (t) => {
  const sink = new MqttSink({
    device: 'bed-7',
    embedded: { host: '127.0.0.1', port: 0, usersFile: '', certFile: '', keyFile: '' },
    external: null,
    homeAssistant: null,
    wave: true,
    requests: null,
    log: SILENT_LOGGER,
    nowMs: () => examples.EXAMPLE_VITALS.t_ms,
    monotonicMs: () => performance.now(),
  });
  await sink.start();
  t.after(() => sink.stop());
  const publish = () => {
    sink.info(examples.EXAMPLE_INFO);
    sink.lead(examples.EXAMPLE_LEAD);
    sink.vitals(examples.EXAMPLE_VITALS);
    sink.beat(examples.EXAMPLE_BEAT);
    sink.alert(examples.EXAMPLE_ALERT);
    sink.strip(examples.EXAMPLE_STRIP);
    sink.health(examples.EXAMPLE_HEALTH);
    sink.wave({ first: 0, rateHz: 360, leads: [new Float32Array(180)], count: 180, flags: 0, lost: 0 });
  };
  publish();
  const client = await connectAsync(`mqtt://127.0.0.1:${sink.embeddedPort}`, { reconnectPeriod: 0 });
  t.after(() => client.endAsync(true));
  const live = new Map<string, { payload: string; qos: number }>();
  const kept = new Set<string>();
  client.on('message', (topic, payload, { retain, qos }) => {
    if (retain) kept.add(topic);
    if (topic.endsWith('/wave') || !retain || !live.has(topic)) {
      live.set(topic, { payload: payload.toString(), qos });
    }
  });
  await client.subscribeAsync('ecg/bed-7/#', { qos: 1 });
  const pathOf = (path: string) => `ecg/bed-7/${path.replace('<alert id>', examples.EXAMPLE_STRIP.alert_id)}`;
  const retainedPaths = Object.values(TOPICS).filter(({ retained }) => retained);
  await until(() => retainedPaths.every(({ path }) => kept.has(pathOf(path))), 'what is retained');
  publish();
  await until(
    () => Object.values(TOPICS).every(({ path }) => live.has(pathOf(path))),
    'every topic of the table',
  );
  for (const [name, { path, qos, retained, schema }] of Object.entries(TOPICS)) {
    const topic = pathOf(path);
    const message = live.get(topic)!;
    assert.equal(message.qos, qos, topic);
    assert.equal(kept.has(topic), retained, topic);
    if (schema !== null) assert.deepEqual(JSON.parse(message.payload), EXAMPLE_OF[name as TopicName], topic);
  }
});
