/** The example brokers, each by its one command: who may do what, TLS, pages over WebSocket, last will, wards in topics. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { connectAsync } from 'mqtt';
import { alertEvent, beatEvent } from '../../support/delivery/events.ts';
import { startSink } from '../../support/delivery/sink.ts';
import { type Example, ExampleBrokers } from '../../support/example-brokers.ts';
import { gatewayOf } from '../../support/gateway.ts';
import { Subscriber } from '../../support/mqtt-subscriber.ts';
import { needsProgram } from '../../support/needs.ts';
import { infoEvent } from '../../support/stage.ts';
import { until } from '../../support/until.ts';

const BASE = 'ecg/ward-3';
/** A cluster of one node: three take half a minute to start, and are the bench's (`npm run bench -- ward --cluster`). */
const NODES = 1;

async function start(t: TestContext, example: Example): Promise<ExampleBrokers> {
  const brokers = new ExampleBrokers(example, NODES);
  t.after(() => brokers.remove());
  await brokers.start();
  return brokers;
}

async function rolesHold(t: TestContext, brokers: ExampleBrokers): Promise<void> {
  await assert.rejects(
    connectAsync(
      brokers.mqtts().replace('mqtts', 'mqtt'),
      { reconnectPeriod: 0, connectTimeout: 3000 },
      false,
    ),
  );
  const wrong = { ...brokers.as('victor'), password: 'wrong', reconnectPeriod: 0 };
  await assert.rejects(connectAsync(brokers.mqtts(), wrong, false), /authori[sz]ed|password/i);

  const asked: string[] = [];
  const requests = gatewayOf((verb) => {
    asked.push(verb);
    return {};
  });
  // Somebody hears of the bed first, so that nothing of it is missed.
  const nurse = await Subscriber.connect(t, brokers.pages, 'ecg/#', brokers.as('anna'));
  const options = { device: 'bed-1', base: BASE, requests, sayAgainMs: 200 };
  const { sink, log } = await startSink(t, brokers.device('bed-1'), options);
  sink.info(infoEvent({}));
  await until(
    () => sink.brokerStatus().connected,
    () => log.text,
  );
  sink.beat(beatEvent(1));
  sink.alert(alertEvent('a1', 'start'));
  await nurse.until(`${BASE}/bed-1/beat`);
  await nurse.until(`${BASE}/bed-1/alert`);
  // Whatever the broker does with what it retains, a page that comes late knows within ten seconds (here: 0.2).
  const viewer = await Subscriber.connect(t, brokers.pages, 'ecg/#', brokers.as('victor'));
  for (const topic of ['state', 'info', 'alert/active']) await viewer.until(`${BASE}/bed-1/${topic}`);

  await nurse.client.publishAsync(`${BASE}/bed-1/request/acknowledge`, '{"id":"a1"}', { qos: 1 });
  await nurse.until(`${BASE}/bed-1/response/acknowledge`);
  assert.deepEqual(asked, ['acknowledge']);
  // A viewer may look on, and nothing else; nobody speaks in a bed's name; a bed only in its own.
  for (const [name, topic] of [
    ['victor', `${BASE}/bed-1/request/acknowledge`],
    ['archive', `${BASE}/bed-1/request/silence`],
    ['anna', `${BASE}/bed-1/request/patient.new`],
    ['anna', `${BASE}/bed-1/alert`],
    ['bed-2', `${BASE}/bed-1/alert`],
  ] as const) {
    const client = await connectAsync(brokers.mqtts(), { ...brokers.as(name), reconnectPeriod: 0 }, false);
    t.after(() => client.endAsync(true));
    const gone = new Promise((resolve) => client.once('close', () => resolve(null)));
    // Refused with a word (MQTT 5), dropped in silence, or hung up on.
    await Promise.race([client.publishAsync(topic, '{"forged":true}', { qos: 1 }).catch(() => {}), gone]);
  }
  await viewer.client.publishAsync(`${BASE}/bed-1/request/strip`, '{}', { qos: 1 });
  await viewer.until(`${BASE}/bed-1/response/strip`);
  assert.deepEqual(asked, ['acknowledge', 'strip']);
  assert.equal(nurse.on(`${BASE}/bed-1/alert`).length, 1, 'nothing forged');
  assert.doesNotMatch(log.text, /E_BROKER/);

  // The last will: the line of a bed is cut, without a word.
  const state = `${BASE}/bed-2/state`;
  const will = {
    topic: state,
    payload: Buffer.from('{"state":"offline","t_ms":1}'),
    qos: 1,
    retain: true,
  } as const;
  const bed = await connectAsync(
    brokers.mqtts(),
    { ...brokers.as('bed-2'), will, protocolVersion: 4, reconnectPeriod: 0 },
    false,
  );
  bed.stream.destroy();
  await viewer.until(state);
  assert.equal(viewer.json(state).at(-1).state, 'offline');
}

test('one mosquitto: roles, TLS, pages, last will', needsProgram('mosquitto', 'openssl'), async (t) => {
  await rolesHold(t, await start(t, 'one'));
});

test(
  'RabbitMQ behind haproxy: the same, where retained topics reach nobody by wildcard',
  needsProgram('/usr/lib/rabbitmq/bin/rabbitmq-server', 'haproxy', 'openssl'),
  async (t) => {
    await rolesHold(t, await start(t, 'cluster'));
  },
);

test(
  'rooms: the centre hears the bed and asks it; a room that dies is cut, whatever the state of its bed says',
  needsProgram('mosquitto', 'openssl'),
  async (t) => {
    const brokers = await start(t, 'rooms');
    const nurse = await Subscriber.connect(t, brokers.pages, 'ecg/#', brokers.as('anna'));
    await until(() => nurse.on(`${BASE}/bridge`).at(-1)?.text === '1', 'the bridge');
    const requests = gatewayOf((verb) => ({ verb }));
    const room = brokers.device('bed-1', brokers.mqtts(8884));
    const { sink } = await startSink(t, room, { device: 'bed-1', base: BASE, requests });
    for (let seq = 1; seq <= 20; seq++) sink.beat(beatEvent(seq));
    await nurse.until(`${BASE}/bed-1/beat`, 20);
    await nurse.client.publishAsync(`${BASE}/bed-1/request/acknowledge`, '{"id":"a1"}', { qos: 1 });
    await nurse.until(`${BASE}/bed-1/response/acknowledge`);
    await brokers.killRoom();
    await until(() => nurse.on(`${BASE}/bridge`).at(-1)?.text === '0', 'the cut');
    assert.equal(nurse.json(`${BASE}/bed-1/state`).at(-1).state, 'online', 'what only reads state is fooled');
  },
);
