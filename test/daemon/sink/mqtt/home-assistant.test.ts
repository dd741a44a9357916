import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discoveryOf } from '@rhythmd/daemon/sink/mqtt/home-assistant.ts';
import type { InfoEvent } from '@rhythmd/protocol/events.ts';
import { topicsOf } from '@rhythmd/protocol/topics.ts';
import { startMosquitto, startSink } from '../../../support/delivery/sink.ts';
import { Subscriber } from '../../../support/mqtt-subscriber.ts';
import { needsProgram } from '../../../support/needs.ts';
import { until } from '../../../support/until.ts';

const topics = topicsOf('d1');
const info: InfoEvent = {
  v: 1,
  version: '0.1.0',
  device: 'd1',
  source: 'sim:208',
  board: null,
  rate_hz: 360,
  leads: ['MLII'],
  microvolts_per_count: [1],
  model: null,
  patient: { label: null, since_ms: 0, paced: 'auto', taught: null },
  alerts_disabled: [],
  alert_limits: [],
  replay: true,
  description: 'record 208',
  notice: 'not a medical device',
};
const CONFIG_TOPIC = 'homeassistant/device/ecg_d1/config';

interface DiscoveryPayload {
  readonly device: Record<string, unknown>;
  readonly components: Record<string, Record<string, unknown>>;
}

test('every entity has what Home Assistant asks for, and only topics that exist', () => {
  const { topic, payload } = discoveryOf('homeassistant', 'd1', topics, info);
  assert.equal(topic, CONFIG_TOPIC);
  const { components, device } = payload as DiscoveryPayload;
  assert.deepEqual(device.identifiers, ['ecg_d1']);
  assert.equal('model' in device, false);
  const stateTopics: unknown[] = [topics.vitals, topics.lead, topics.health, topics.alertActive, topics.info];
  const ids = new Set<unknown>();
  for (const entity of Object.values(components)) {
    assert.ok(entity.platform && entity.name && entity.unique_id);
    ids.add(entity.unique_id);
    if (entity.platform !== 'button')
      assert.ok(stateTopics.includes(entity.state_topic), String(entity.name));
    else assert.match(String(entity.command_topic), /^ecg\/d1\/request\/[a-z]+$/);
  }
  assert.equal(ids.size, Object.keys(components).length);
});

test(
  'discovery is retained, and comes again when Home Assistant starts',
  needsProgram('mosquitto'),
  async (t) => {
    const mosquitto = await startMosquitto(t);
    const { sink } = await startSink(t, mosquitto.url, { homeAssistant: 'homeassistant' });
    sink.info(info);
    const home = await Subscriber.connect(t, mosquitto.url, ['homeassistant/#', 'ecg/d1/state']);
    await home.until(CONFIG_TOPIC);
    const before = home.on(CONFIG_TOPIC).length;
    await until(async () => {
      await home.client.publishAsync('homeassistant/status', 'online', { qos: 1 });
      return home.on(CONFIG_TOPIC).length > before;
    }, 'discovery again');
    assert.equal(home.json(CONFIG_TOPIC)[0].device.name, 'ECG d1');
  },
);

test(
  'nothing is written outside our own topics unless it is asked for',
  needsProgram('mosquitto'),
  async (t) => {
    const mosquitto = await startMosquitto(t);
    const { sink } = await startSink(t, mosquitto.url);
    const everything = await Subscriber.connect(t, mosquitto.url, '#');
    sink.info(info);
    await everything.until('ecg/d1/info');
    assert.ok(everything.received.every(({ topic }) => topic.startsWith('ecg/d1/')));
  },
);
