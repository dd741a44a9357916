/** What a real broker and a real line do to us: cut, frozen, refused messages, too much at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryOutbox } from '@rhythmd/daemon/sink/outbox/memory-outbox.ts';
import { CutProxy } from '../../../support/cut-proxy.ts';
import { alertEvent, beatEvent, vitalsEvent } from '../../../support/delivery/events.ts';
import { brokerOptions, startMosquitto, startSink } from '../../../support/delivery/sink.ts';
import { Subscriber } from '../../../support/mqtt-subscriber.ts';
import { needsProgram } from '../../../support/needs.ts';
import { until } from '../../../support/until.ts';

const mosquittoThere = needsProgram('mosquitto');
const sequences = (subscriber: Subscriber) => subscriber.json('ecg/d1/beat').map(({ seq }) => Number(seq));
/** First copies, in the order they came. */
const firstCopies = (numbers: readonly number[]) => [...new Set(numbers)];
const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

test('the network is cut without a word: noticed, said, and nothing is lost', mosquittoThere, async (t) => {
  const mosquitto = await startMosquitto(t);
  const proxy = new CutProxy(mosquitto.port);
  await proxy.start();
  t.after(() => proxy.stop());
  const listener = await Subscriber.connect(t, mosquitto.url, 'ecg/d1/beat');
  const { sink } = await startSink(t, `mqtt://127.0.0.1:${proxy.port}`);
  await until(() => sink.brokerStatus().connected, 'connected');
  let seq = 0;
  const beats = setInterval(() => sink.beat(beatEvent(++seq)), 20);
  t.after(() => clearInterval(beats));
  await listener.until('ecg/d1/beat', 20);
  proxy.cut();
  await until(() => !sink.brokerStatus().connected, 'the cut is noticed');
  assert.match(sink.brokerStatus().reason ?? '', /E_BROKER_UNREACHABLE/);
  proxy.mend();
  const whenMended = seq;
  await listener.until('ecg/d1/beat', whenMended + 20);
  clearInterval(beats);
  await until(() => sink.outboxStatus()?.messages === 0, 'all acknowledged');
  await until(() => sequences(listener).includes(seq), 'the last one');
  assert.deepEqual(firstCopies(sequences(listener)), range(1, seq));
});

test('a frozen broker blocks nobody, and gets everything when it thaws', mosquittoThere, async (t) => {
  const mosquitto = await startMosquitto(t);
  const listener = await Subscriber.connect(t, mosquitto.url, 'ecg/d1/beat');
  const { sink } = await startSink(t, mosquitto.url);
  await until(() => sink.brokerStatus().connected, 'connected');
  mosquitto.signal('SIGSTOP');
  // Nothing is awaited: whatever waited for the broker would never come to the end of this.
  for (let seq = 1; seq <= 2000; seq++) {
    sink.beat(beatEvent(seq));
    if (seq % 100 === 0) sink.vitals(vitalsEvent(seq));
  }
  assert.ok((sink.counters().mqtt_in_flight ?? 99) <= 16);
  mosquitto.signal('SIGCONT');
  await listener.until('ecg/d1/beat', 2000);
  assert.deepEqual(firstCopies(sequences(listener)), range(1, 2000));
});

test(
  'more than the queue holds while the broker is away: the oldest beats go, no alert',
  mosquittoThere,
  async (t) => {
    const mosquitto = await startMosquitto(t);
    await mosquitto.kill();
    const broker = brokerOptions(mosquitto.url);
    const { sink } = await startSink(t, null, { external: { broker, outbox: new MemoryOutbox(100) } });
    sink.alert(alertEvent('a1', 'start'));
    for (let seq = 1; seq <= 1000; seq++) sink.beat(beatEvent(seq));
    sink.alert(alertEvent('a1', 'end', 1000));
    assert.equal(sink.outboxStatus()?.dropped, 902);
    await mosquitto.start();
    const listener = await Subscriber.connect(t, mosquitto.url, 'ecg/d1/alert/active');
    await listener.until('ecg/d1/alert/active');
    await until(() => sink.outboxStatus()?.messages === 0, 'all acknowledged');
    assert.equal(sink.outboxStatus()?.droppedAlerts, 0);
  },
);

test('a message that the broker never takes does not hold up the rest', mosquittoThere, async (t) => {
  const mosquitto = await startMosquitto(t, { configuration: ['max_packet_size 4096'] });
  const listener = await Subscriber.connect(t, mosquitto.url, 'ecg/d1/beat');
  const { sink, log } = await startSink(t, mosquitto.url);
  await until(() => sink.brokerStatus().connected, 'connected');
  sink.strip({
    v: 1,
    alert_id: 'a1',
    t_ms: 1,
    first_sample: 0,
    lead: 'MLII',
    period: 1000 / 360,
    origin: { value: 0, unit: 'uV' },
    factor: 1,
    dimensions: 1,
    data: '-1234 '.repeat(3600),
  });
  sink.beat(beatEvent(1));
  await listener.until('ecg/d1/beat');
  assert.equal(sink.counters().mqtt_refused, 1);
  assert.match(log.text, /strip\/a1: larger than the broker takes/);
  assert.equal(sink.brokerStatus().connected, true);
});

test('what a dying broker may have held in memory only is sent again', mosquittoThere, async (t) => {
  const mosquitto = await startMosquitto(t);
  const { sink } = await startSink(t, mosquitto.url);
  const listener = await Subscriber.connect(t, mosquitto.url, 'ecg/d1/beat');
  for (let seq = 1; seq <= 10; seq++) sink.beat(beatEvent(seq));
  await listener.until('ecg/d1/beat', 10);
  await until(() => sink.outboxStatus()?.messages === 0, 'all acknowledged');
  await mosquitto.kill();
  await mosquitto.start();
  await listener.until('ecg/d1/beat', 20);
  assert.deepEqual(sequences(listener), [...range(1, 10), ...range(1, 10)]);
});
