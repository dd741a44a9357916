/** Brokers that have less than we ask for, or that have somebody else with our name. All of them real. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeConnectError } from '@rhythmd/daemon/sink/mqtt/connect-errors.ts';
import { connectAsync } from 'mqtt';
import { beatEvent } from '../../../support/delivery/events.ts';
import { brokerOptions, startMosquitto, startSink } from '../../../support/delivery/sink.ts';
import { Subscriber } from '../../../support/mqtt-subscriber.ts';
import { needsProgram } from '../../../support/needs.ts';
import { infoEvent } from '../../../support/stage.ts';
import { until } from '../../../support/until.ts';

const mosquittoThere = needsProgram('mosquitto');
const count = (text: string, pattern: RegExp) => text.match(new RegExp(pattern, 'g'))?.length ?? 0;

for (const [lacks, lines, reason] of [
  ['retained topics', ['retain_available false'], /keeps no retained messages/],
  ['QoS 1', ['max_qos 0'], /QoS 0 only/],
  ['both', ['retain_available false', 'max_qos 0'], /retained.*QoS 0/],
] as const) {
  test(
    `a broker without ${lacks}: it is said once in a sentence, and beats arrive`,
    mosquittoThere,
    async (t) => {
      const mosquitto = await startMosquitto(t, { configuration: lines });
      const listener = await Subscriber.connect(t, mosquitto.url, 'ecg/#');
      const { sink, log } = await startSink(t, mosquitto.url);
      await until(
        () => sink.brokerStatus().connected,
        () => log.text,
      );
      for (let i = 0; i < 50; i++) sink.beat(beatEvent(i));
      await until(
        () => sink.outboxStatus()?.messages === 0,
        () => `delivered: ${log.text}`,
      );
      await listener.until('ecg/d1/beat', 50);
      await listener.until('ecg/d1/state');
      const sent = listener.json('ecg/d1/beat').map(({ seq }) => seq);
      assert.deepEqual(
        sent,
        Array.from({ length: 50 }, (_, i) => i),
        'in order',
      );
      // One alone, as a heart at rest makes them: nothing after it clears it away.
      sink.beat(beatEvent(50));
      await listener.until('ecg/d1/beat', 51);
      await until(
        () => sink.outboxStatus()?.messages === 0 && sink.counters().mqtt_in_flight === 0,
        () => JSON.stringify(sink.counters()),
      );
      assert.match(sink.brokerStatus().reason ?? '', reason);
      assert.equal(count(log.text, /connected, but/), 1, log.text);
      assert.equal(count(log.text, /connected to/), 1, `one connection lasts: ${log.text}`);
    },
  );
}

test('an outage is told once, not once for each message on its way', mosquittoThere, async (t) => {
  const mosquitto = await startMosquitto(t);
  const { sink, log } = await startSink(t, mosquitto.url);
  await until(() => sink.brokerStatus().connected, 'connected');
  mosquitto.signal('SIGSTOP');
  for (let i = 0; i < 100; i++) sink.beat(beatEvent(i));
  // On a busy machine the broker may be given up before.
  const isOnTheWay = () => (sink.counters().mqtt_in_flight ?? 0) > 10 || !sink.brokerStatus().connected;
  await until(isOnTheWay, 'many on their way');
  await mosquitto.kill();
  await until(() => !sink.brokerStatus().connected, 'noticed');
  await mosquitto.start();
  await until(() => sink.outboxStatus()?.messages === 0, 'delivered');
  assert.doesNotMatch(log.text, /does not take/);
});

test(
  'two devices with one id: the reason and the fix are said, and they do not throw each other out for ever',
  mosquittoThere,
  async (t) => {
    const mosquitto = await startMosquitto(t);
    const one = await startSink(t, mosquitto.url);
    await until(() => one.sink.brokerStatus().connected, 'connected');
    const other = await startSink(t, mosquitto.url);
    // This mosquitto hangs up without a reason: the second break of one of them is suspicious.
    await until(
      () => /E_BROKER_TWIN.*device\.id/.test(one.log.text + other.log.text),
      () => one.log.text,
    );
    const connects = count(one.log.text + other.log.text, /connected to/);
    assert.ok(connects <= 6, `${connects} connections: whoever suspects waits for seconds`);
  },
);

test(
  'a broker that hangs up at once, again and again: the pauses grow, and a twin is suspected',
  mosquittoThere,
  async (t) => {
    const mosquitto = await startMosquitto(t);
    // MQTT 3.1.1 gives no reason: what a second client with the id does looks like this.
    const { sink, log } = await startSink(t, brokerOptions(mosquitto.url));
    await until(() => sink.brokerStatus().connected, 'connected');
    let stopped = false;
    t.after(() => {
      stopped = true;
    });
    const steal = async () => {
      while (!stopped && !/E_BROKER_TWIN/.test(log.text)) {
        const thief = await connectAsync(
          mosquitto.url,
          { clientId: 'rhythmd-d1', protocolVersion: 4, reconnectPeriod: 0, clean: true },
          false,
        ).catch(() => null);
        await thief?.endAsync(true);
        await until(() => stopped || sink.brokerStatus().connected || /E_BROKER_TWIN/.test(log.text), 'back');
      }
    };
    await steal();
    assert.match(log.text, /E_BROKER_TWIN.*device\.id/);
  },
);

const CONFIG = 'homeassistant/device/ecg_d1/config';

test(
  'a discovery that was switched off is taken back; one of somebody else is not',
  mosquittoThere,
  async (t) => {
    const mosquitto = await startMosquitto(t);
    const on = await startSink(t, mosquitto.url, { homeAssistant: 'homeassistant' });
    on.sink.info(infoEvent({}));
    const first = await Subscriber.connect(t, mosquitto.url, CONFIG);
    await first.until(CONFIG);
    await on.sink.stop();

    const off = await startSink(t, mosquitto.url, { homeAssistant: null });
    await until(
      async () => {
        const late = await Subscriber.connect(t, mosquitto.url, '#');
        await late.until('ecg/d1/state');
        const kept = late.on(CONFIG).length > 0;
        await late.client.endAsync(true);
        return !kept;
      },
      () => `taken back: ${off.log.text}`,
    );
    assert.match(off.log.text, /Home Assistant forgets us/);
    await off.sink.stop();

    const foreign = JSON.stringify({ origin: { name: 'another program' }, device: {} });
    await first.client.publishAsync(CONFIG, foreign, { qos: 1, retain: true });
    const again = await startSink(t, mosquitto.url, { homeAssistant: null });
    await until(() => again.sink.brokerStatus().connected, 'connected');
    again.sink.beat(beatEvent(1));
    await until(() => again.sink.outboxStatus()?.messages === 0, 'delivered');
    const late = await Subscriber.connect(t, mosquitto.url, CONFIG);
    await late.until(CONFIG);
    assert.equal(late.on(CONFIG)[0]?.text, foreign);
  },
);

test(
  'another prefix: the old discovery goes, and the birth is heard where Home Assistant says it by default',
  mosquittoThere,
  async (t) => {
    const mosquitto = await startMosquitto(t);
    const before = await startSink(t, mosquitto.url, { homeAssistant: 'homeassistant' });
    before.sink.info(infoEvent({}));
    const listener = await Subscriber.connect(t, mosquitto.url, 'house/#');
    const first = await Subscriber.connect(t, mosquitto.url, CONFIG);
    await first.until(CONFIG);
    await before.sink.stop();

    const { sink, log } = await startSink(t, mosquitto.url, { homeAssistant: 'house' });
    sink.info(infoEvent({}));
    const config = 'house/device/ecg_d1/config';
    await listener.until(config);
    await until(
      () => /forgets us at homeassistant/.test(log.text),
      () => log.text,
    );
    const heard = listener.on(config).length;
    await listener.client.publishAsync('homeassistant/status', 'online', { qos: 1 });
    await listener.until(config, heard + 1);
  },
);

test('an MQTT 5 broker that says why gets the fix said', () => {
  const twin = describeConnectError(Object.assign(new Error('reason 142'), { code: 142 }), 'mqtt://b');
  assert.equal(twin.code, 'E_BROKER_TWIN');
  assert.match(twin.fix, /device\.id/);
});
