import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import type { BrokerConnection, Refusal } from '@rhythmd/daemon/sink/mqtt/broker-connection.ts';
import { Sender } from '@rhythmd/daemon/sink/mqtt/sender.ts';
import { MemoryOutbox } from '@rhythmd/daemon/sink/outbox/memory-outbox.ts';
import { until } from '../../../support/until.ts';

/** A broker that takes what it is sent and acknowledges as far as it is let. */
class SlowBroker {
  readonly window = 16;
  readonly counts = { skipped: 0, connects: 1 };
  readonly taken: string[] = [];
  #waiting: (() => void)[] = [];
  #isOpen = false;

  publish(
    _topic: string,
    payload: Buffer,
    _qos: number,
    _retain: boolean,
    done: (refusal: Refusal | null) => void,
  ): boolean {
    this.taken.push(payload.toString());
    this.#waiting.push(() => done(null));
    if (this.#isOpen) this.acknowledge();
    return true;
  }

  acknowledge(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const done of waiting) setImmediate(done);
  }

  open(): void {
    this.#isOpen = true;
    this.acknowledge();
  }

  reconnect(): void {}
}

function started(beats: number, monotonicMs = () => performance.now()) {
  const outbox = new MemoryOutbox();
  const broker = new SlowBroker();
  const sender = new Sender(outbox, broker as unknown as BrokerConnection, SILENT_LOGGER, monotonicMs);
  for (let i = 0; i < beats; i += 1) outbox.push('beat', 'beat', `b${i}`, 0);
  return { outbox, broker, sender };
}

test('a new alarm goes before a backlog of beats, alarms in their own order, each once', async (t) => {
  const { outbox, broker, sender } = started(1000);
  outbox.push('alert', 'alert', 'a0', 0);
  outbox.push('alert', 'alert', 'a1', 0);
  sender.connected();
  t.after(() => sender.disconnected());
  await until(() => broker.taken.length === 16, 'a full window');
  assert.deepEqual(broker.taken.slice(0, 3), ['a0', 'a1', 'b0']);
  outbox.push('alert', 'alert', 'a2', 0);
  broker.open();
  await until(() => outbox.counts().messages === 0, 'an empty outbox');
  assert.ok(broker.taken.indexOf('a2') < 100, `${broker.taken.indexOf('a2')} messages went before`);
  const of = (letter: string) => broker.taken.filter((payload) => payload.startsWith(letter));
  assert.deepEqual(of('a'), ['a0', 'a1', 'a2']);
  assert.deepEqual(
    of('b'),
    [...Array(1000).keys()].map((i) => `b${i}`),
  );
});

test('what went ahead leaves the outbox with its turn, and goes again after a connection that broke', async (t) => {
  const { outbox, broker, sender } = started(500);
  outbox.push('alert', 'alert', 'a0', 0);
  sender.connected();
  await until(() => broker.taken.length === 16, 'a full window');
  broker.acknowledge();
  await until(() => broker.taken.length === 32, 'the next window');
  assert.equal(outbox.counts().messages, 501 - 15, 'the alarm is acknowledged, its turn has not come');
  sender.disconnected();
  broker.taken.length = 0;
  sender.connected();
  t.after(() => sender.disconnected());
  broker.open();
  await until(() => outbox.counts().messages === 0, 'an empty outbox');
  assert.equal(broker.taken.filter((payload) => payload === 'a0').length, 1);
  assert.equal(broker.taken.at(-1), 'b499');
});

test('without a backlog all share one order', async (t) => {
  const { outbox, broker, sender } = started(5);
  outbox.push('alert', 'alert', 'a0', 0);
  sender.connected();
  t.after(() => sender.disconnected());
  await until(() => broker.taken.length === 6, 'all six');
  assert.equal(broker.taken.at(-1), 'a0');
});

test('what was acknowledged last goes again however long the broker was dead, and until it is acknowledged again', async (t) => {
  let nowMs = 0;
  const { outbox, broker, sender } = started(10, () => nowMs);
  sender.connected();
  await until(() => broker.taken.length === 10, 'all ten');
  broker.acknowledge();
  await until(() => outbox.counts().messages === 0, 'an empty outbox');
  const ten = [...broker.taken];
  sender.disconnected();
  t.after(() => sender.disconnected());
  for (const outage of ['a long one', 'and another before anything of it was acknowledged']) {
    nowMs += 3_600_000;
    broker.taken.length = 0;
    sender.connected();
    await until(() => broker.taken.length === 10, 'all ten again');
    assert.deepEqual(broker.taken, ten, outage);
    if (outage === 'a long one') sender.disconnected();
  }
  broker.open();
  // The acknowledgements come before the clock goes on.
  await sleep(1);
  nowMs += 10_000;
  outbox.push('beat', 'beat', 'later', 0);
  await until(() => broker.taken.includes('later') && outbox.counts().messages === 0, 'the next one');
  sender.disconnected();
  broker.taken.length = 0;
  sender.connected();
  await until(() => broker.taken.length > 0, 'what is not safe yet');
  assert.deepEqual(broker.taken, ['later'], 'ten seconds before it is safe');
});
