/** Clusters, and brokers that hang up without a word: what RabbitMQ does, by a broker that does the same. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { loadConfig } from '@rhythmd/daemon/config/load.ts';
import { addressesIn } from '@rhythmd/daemon/sink/mqtt/broker-addresses.ts';
import { alertEvent, beatEvent, vitalsEvent } from '../../../support/delivery/events.ts';
import { brokerOptions, startSink } from '../../../support/delivery/sink.ts';
import { gatewayOf } from '../../../support/gateway.ts';
import { Subscriber } from '../../../support/mqtt-subscriber.ts';
import { infoEvent } from '../../../support/stage.ts';
import { StrictBroker, type StrictRules } from '../../../support/strict-broker.ts';
import { until } from '../../../support/until.ts';

const count = (text: string, pattern: RegExp) => text.match(new RegExp(pattern, 'g'))?.length ?? 0;
const requests = () => gatewayOf((verb) => ({ verb }));

async function start(t: TestContext, rules: StrictRules = {}): Promise<StrictBroker> {
  const broker = new StrictBroker(rules);
  t.after(() => broker.stop());
  await broker.start();
  return broker;
}

test('requests are heard with QoS 0: no broker keeps a queue for them that cannot move', async (t) => {
  const broker = await start(t);
  const { sink } = await startSink(t, broker.url, { requests: requests(), homeAssistant: null });
  await until(() => sink.brokerStatus().connected, 'connected');
  await until(() => broker.subscriptions.length >= 2, 'requests and a former discovery');
  for (const subscription of broker.subscriptions) assert.match(subscription, / 0$/);
  const asker = await Subscriber.connect(t, broker.url, 'ecg/d1/response/+');
  await asker.client.publishAsync('ecg/d1/request/mark', '{"transaction":"t1"}', { qos: 1 });
  await asker.until('ecg/d1/response/mark');
});

test('a broker that only speaks 3.1.1 is no failure: nothing is warned, and it is asked once', async (t) => {
  const broker = await start(t);
  const { sink, log } = await startSink(t, broker.url);
  await until(() => sink.brokerStatus().connected, 'connected');
  assert.doesNotMatch(log.text, /E_BROKER/);
  assert.match(log.text, /connected to .* with MQTT 3\.1\.1/);
  assert.equal(broker.connects, 2, 'one try with 5, one with 3.1.1');
});

test('several addresses: the next is taken when one fails, health says which, nothing is lost', async (t) => {
  const [one, two] = [await start(t), await start(t)];
  const { sink, log } = await startSink(t, `${one.url}, mqtt://user:secret@${two.url.slice(7)}`);
  await until(() => sink.brokerStatus().connected, 'connected');
  assert.equal(sink.brokerStatus().url, one.url);
  const listener = await Subscriber.connect(t, two.url, 'ecg/#');
  await one.stop();
  for (let seq = 1; seq <= 20; seq++) sink.beat(beatEvent(seq));
  await listener.until('ecg/d1/beat', 20);
  assert.match(sink.brokerStatus().url, /\*\*\*@127/);
  await one.start();
  await two.stop();
  await until(
    () => sink.brokerStatus().connected && sink.brokerStatus().url === one.url,
    () => log.text,
  );
  assert.doesNotMatch(log.text, /secret/);
});

for (const [what, rules, topic] of [
  ['one that is kept', { forbidsPublish: (name: string) => name.endsWith('/info') }, 'ecg/d1/info'],
  ['one of QoS 0', { forbidsPublish: (name: string) => name.endsWith('/vitals') }, 'ecg/d1/vitals'],
  [
    'a subscription',
    { forbidsSubscribe: (name: string) => name.startsWith('ecg/d1/request') },
    'ecg/d1/request/#',
  ],
  [
    'what we only look for',
    { forbidsSubscribe: (name: string) => name.startsWith('homeassistant') },
    'homeassistant/device/ecg_d1/config',
  ],
] as const) {
  test(`a forbidden topic, ${what}: named once with its fix, left out, and all else goes on`, async (t) => {
    const broker = await start(t, rules);
    const { sink, log } = await startSink(t, broker.url, { requests: requests() });
    sink.info(infoEvent({}));
    const speaking = setInterval(() => sink.vitals(vitalsEvent(72)), 20);
    t.after(() => clearInterval(speaking));
    for (let seq = 1; seq <= 20; seq++) sink.beat(beatEvent(seq));
    await until(
      () => new RegExp(`E_BROKER_FORBIDDEN.*hangs up at ${topic}`).test(log.text),
      () => log.text,
    );
    await until(
      () => sink.brokerStatus().connected && sink.outboxStatus()?.messages === 0,
      () => log.text,
    );
    assert.equal(count(log.text, /E_BROKER_FORBIDDEN/), 1, log.text);
    assert.doesNotMatch(log.text, /E_BROKER_TWIN/);
    assert.match(sink.brokerStatus().reason ?? '', new RegExp(`without ${topic}`));
    const connects = broker.connects;
    for (let seq = 21; seq <= 40; seq++) sink.beat(beatEvent(seq));
    await until(() => sink.outboxStatus()?.messages === 0, 'all beats');
    assert.equal(broker.connects, connects, 'the connection lasts');
  });
}

test('a forbidden topic of the outbox is named, the pauses grow, and nothing is thrown away', async (t) => {
  const broker = await start(t, { forbidsPublish: (topic) => topic.endsWith('/alert') });
  const { sink, log } = await startSink(t, { ...brokerOptions(broker.url), mostRetryMs: 60_000 });
  sink.beat(beatEvent(1));
  sink.alert(alertEvent('a1', 'start'));
  sink.beat(beatEvent(2));
  await until(
    () => /E_BROKER_FORBIDDEN.*hangs up at ecg\/d1\/alert\b/.test(log.text),
    () => log.text,
  );
  const connects = broker.connects;
  assert.ok(connects <= 8, `${connects} connections`);
  assert.equal(sink.outboxStatus()?.dropped, 0);
  broker.rules = {};
  const listener = await Subscriber.connect(t, broker.url, 'ecg/d1/#');
  await listener.until('ecg/d1/alert');
  await until(() => sink.outboxStatus()?.messages === 0, 'all of it');
});

test('what a broker keeps for nobody is said again, and state says when', async (t) => {
  const broker = await start(t);
  const { sink } = await startSink(t, broker.url, { sayAgainMs: 50 });
  sink.info(infoEvent({}));
  await until(() => sink.brokerStatus().connected, 'connected');
  const late = await Subscriber.connect(t, broker.url, 'ecg/#');
  for (const topic of ['state', 'info', 'alert/active']) await late.until(`ecg/d1/${topic}`, 3);
  const told = late.json('ecg/d1/state').map(({ t_ms }) => t_ms);
  assert.ok(told.at(-1) > told[0], 'a new time');
});

test('with wards above the device everything is below them, requests too', async (t) => {
  const broker = await start(t);
  const { sink } = await startSink(t, broker.url, { base: 'ecg/ward-3', requests: requests() });
  await until(() => sink.brokerStatus().connected, 'connected');
  const listener = await Subscriber.connect(t, broker.url, 'ecg/ward-3/d1/#');
  sink.beat(beatEvent(1));
  await listener.until('ecg/ward-3/d1/beat');
  await listener.client.publishAsync('ecg/ward-3/d1/request/mark', '{}', { qos: 1 });
  await listener.until('ecg/ward-3/d1/response/mark');
  assert.ok(broker.published.every((topic) => topic.startsWith('ecg/ward-3/d1/')));
});

test('mqtt.url: each address is looked at; a comma in a password separates nothing', () => {
  const load = (url: string) => loadConfig(undefined, { RHYTHMD_MQTT_URL: url }).mqtt.url;
  for (const url of [
    '',
    'mqtt://a',
    'mqtts://a:8883,wss://b/ws?x=1 , ws://[::1]:80/ws',
    'mqtt://u:p,q@a mqtt://b',
  ])
    assert.equal(load(url), url);
  for (const url of ['mqtt://a,b', 'mqtt://a,http://b', 'mqtt://', 'mqtt://a,,', 'a', 'mqtt://a:port', ',']) {
    assert.throws(() => load(url), { code: 'E_CONFIG_INVALID' }, url);
  }
  assert.throws(() => load(Array(9).fill('mqtt://a').join()), { code: 'E_CONFIG_INVALID' });
  assert.deepEqual(addressesIn('mqtt://u:p,q@a,  mqtt://b'), ['mqtt://u:p,q@a', 'mqtt://b']);
});

for (const base of ['', '/ecg', 'ecg/', 'ecg//a', 'ecg/+', '#', 'a.b', '$SYS', 'ecg/ä']) {
  test(`mqtt.base refused: ${JSON.stringify(base)}`, () => {
    assert.throws(() => loadConfig(undefined, { RHYTHMD_MQTT_BASE: base }), { code: 'E_CONFIG_INVALID' });
  });
}
