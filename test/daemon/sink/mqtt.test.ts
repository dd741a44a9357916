import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestGateway } from '@rhythmd/daemon/requests/gateway.ts';
import { alertEvent, beatEvent, vitalsEvent } from '../../support/delivery/events.ts';
import { LOOPBACK_BROKER, startMosquitto, startSink } from '../../support/delivery/sink.ts';
import { gatewayOf } from '../../support/gateway.ts';
import { freePort } from '../../support/mosquitto.ts';
import { Subscriber } from '../../support/mqtt-subscriber.ts';
import { needsProgram } from '../../support/needs.ts';
import { until } from '../../support/until.ts';

test('without any broker it takes everything and stops', async (t) => {
  const { sink } = await startSink(t, null);
  sink.beat(beatEvent(1));
  sink.alert(alertEvent('a1', 'start'));
  assert.deepEqual(sink.brokerStatus(), { connected: false, url: '', reason: 'no broker is configured' });
  assert.equal(sink.outboxStatus(), null);
});

test('a broker that is not there: it starts at once, queues, and says why', async (t) => {
  const port = await freePort();
  const { sink } = await startSink(t, `mqtt://user:secret@127.0.0.1:${port}`);
  for (let seq = 1; seq <= 10; seq++) sink.beat(beatEvent(seq));
  await until(() => /nothing listens/.test(sink.brokerStatus().reason ?? ''), 'a reason');
  assert.equal(sink.outboxStatus()?.messages, 10);
  assert.doesNotMatch(JSON.stringify(sink.brokerStatus()), /secret/);
});

test('the embedded broker has everything, retained and live', async (t) => {
  const { sink } = await startSink(t, null, {
    embedded: LOOPBACK_BROKER,
  });
  sink.vitals(vitalsEvent(null));
  const listener = await Subscriber.connect(t, `mqtt://127.0.0.1:${sink.embeddedPort}`, '#');
  await listener.until('ecg/d1/vitals');
  assert.equal(listener.json('ecg/d1/state')[0].state, 'online');
  assert.equal(listener.json('ecg/d1/vitals')[0].hr_bpm, null);
  assert.deepEqual(listener.json('ecg/d1/alert/active'), [[]]);
  sink.beat(beatEvent(1));
  sink.alert(alertEvent('a1', 'start'));
  await listener.until('ecg/d1/alert/active', 2);
  assert.deepEqual(listener.json('ecg/d1/beat')[0], beatEvent(1));
  assert.equal(listener.json('ecg/d1/alert')[0].id, 'a1');
  sink.alert(alertEvent('a1', 'end'));
  await listener.until('ecg/d1/alert/active', 3);
  assert.deepEqual(
    listener.json('ecg/d1/alert/active').map((list) => list.length),
    [0, 1, 0],
  );
  await sink.stop();
  assert.equal(listener.json('ecg/d1/state').at(-1).state, 'offline');
});

test('the waveform is published while somebody looks on, and no longer', async (t) => {
  let now = 0;
  const { sink } = await startSink(t, null, {
    embedded: LOOPBACK_BROKER,
    requests: new RequestGateway(),
    monotonicMs: () => now,
  });
  const listener = await Subscriber.connect(t, `mqtt://127.0.0.1:${sink.embeddedPort}`, 'ecg/#');
  const lead = new Float32Array(90);
  let first = 0;
  const wave = () => {
    sink.wave({ first, rateHz: 360, leads: [lead], count: 90, flags: 0, lost: 0 });
    first += 90;
  };
  wave();
  await listener.client.publishAsync('ecg/d1/request/wave', '{"seconds":30}', { qos: 1 });
  await listener.until('ecg/d1/response/wave');
  const { status, data } = listener.json('ecg/d1/response/wave')[0];
  assert.equal(status, 'ok');
  assert.ok(data.until_ms > Date.now());
  wave();
  await listener.until('ecg/d1/wave');
  // A shorter wish of somebody else does not end it.
  await listener.client.publishAsync('ecg/d1/request/wave', '{"seconds":0}', { qos: 1 });
  await listener.until('ecg/d1/response/wave', 2);
  now = 29_000;
  wave();
  await listener.until('ecg/d1/wave', 2);
  now = 31_000;
  wave();
  sink.vitals(vitalsEvent(72));
  await listener.until('ecg/d1/vitals');
  assert.equal(listener.on('ecg/d1/wave').length, 2);
});

test(
  'mosquitto: birth, retained topics and backlog in order; again after a restart',
  needsProgram('mosquitto'),
  async (t) => {
    const mosquitto = await startMosquitto(t);
    const { sink } = await startSink(t, mosquitto.url);
    sink.vitals(vitalsEvent(72));
    await until(() => sink.brokerStatus().connected, 'connected');
    let listener = await Subscriber.connect(t, mosquitto.url, 'ecg/d1/#');
    for (let seq = 1; seq <= 100; seq++) sink.beat(beatEvent(seq));
    await listener.until('ecg/d1/beat', 100);
    await listener.until('ecg/d1/vitals');
    assert.equal(listener.json('ecg/d1/state')[0].state, 'online');
    await listener.close();

    await mosquitto.kill();
    await until(() => !sink.brokerStatus().connected, 'the loss is noticed');
    for (let seq = 101; seq <= 200; seq++) sink.beat(beatEvent(seq));
    sink.alert(alertEvent('a1', 'start'));
    await mosquitto.start();
    listener = await Subscriber.connect(t, mosquitto.url, 'ecg/d1/#');
    await listener.until('ecg/d1/alert');
    assert.equal(listener.json('ecg/d1/state').at(-1).state, 'online');
    assert.equal(listener.json('ecg/d1/vitals').at(-1).hr_bpm, 72);
    await until(() => sink.outboxStatus()?.messages === 0, 'everything is acknowledged');
    await listener.close();
  },
);

test(
  'mosquitto: the last will says offline when the daemon vanishes',
  needsProgram('mosquitto'),
  async (t) => {
    const mosquitto = await startMosquitto(t);
    const listener = await Subscriber.connect(t, mosquitto.url, 'ecg/d1/state');
    const { sink } = await startSink(t, mosquitto.url);
    await listener.until('ecg/d1/state');
    await sink.stop();
    await listener.until('ecg/d1/state', 2);
    assert.deepEqual(
      listener.json('ecg/d1/state').map(({ state }) => state),
      ['online', 'offline'],
    );
    await listener.close();
  },
);

test('requests through mosquitto are answered', needsProgram('mosquitto'), async (t) => {
  const mosquitto = await startMosquitto(t);
  const { sink } = await startSink(t, mosquitto.url, {
    requests: gatewayOf((verb, body) => ({ verb, body })),
  });
  await until(() => sink.brokerStatus().connected, 'connected');
  const asker = await Subscriber.connect(t, mosquitto.url, 'ecg/d1/response/+', { protocolVersion: 5 });
  await until(async () => {
    await asker.client.publishAsync('ecg/d1/request/mark', '{"transaction":"t1"}', { qos: 1 });
    return asker.received.length > 0;
  }, 'an answer');
  assert.deepEqual(asker.json('ecg/d1/response/mark')[0], {
    transaction: 't1',
    status: 'ok',
    data: { verb: 'mark', body: {} },
    error: null,
  });
});
