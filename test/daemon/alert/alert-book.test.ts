import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertBook, type AlertBookOptions } from '@rhythmd/daemon/alert/alert-book.ts';
import { alertHandlers } from '@rhythmd/daemon/alert/alert-requests.ts';
import type { Alert } from '@rhythmd/ecg/types.ts';
import type { AlertEvent } from '@rhythmd/protocol/events.ts';

const NOBODY = { via: 'page', user: null, from: null } as const;

function opened(options: Partial<AlertBookOptions> = {}) {
  const events: AlertEvent[] = [];
  const clock = { ms: 1_000_000 };
  const book = new AlertBook({
    disabled: [],
    updateSeconds: 5,
    messagesPerMinute: 30,
    silenceSeconds: 120,
    acknowledgeSeconds: 600,
    replay: () => false,
    timeOf: (sample) => sample * 2,
    now: () => clock.ms,
    monotonicMs: () => clock.ms,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const push = (id: string, phase: Alert['phase'], more: Partial<Alert> = {}) =>
    book.push({
      id,
      kind: 'couplet',
      priority: 'low',
      phase,
      startSample: 10,
      sample: 20,
      text: 'text',
      evidence: {},
      ...more,
    });
  const after = (seconds: number) => {
    clock.ms += 1000 * seconds;
    book.tick();
  };
  return { book, events, push, after };
}

test('silence and acknowledgement of an unknown alert, and bad bodies, are refused', () => {
  const { book } = opened();
  assert.throws(() => book.silence('nobody'), { code: 'E_ALERT_UNKNOWN' });
  assert.throws(() => book.acknowledge('nobody'), { code: 'E_ALERT_UNKNOWN' });
});

test('an end or update out of nowhere, and a disabled kind, are harmless', () => {
  const { events, push, book } = opened({ disabled: ['r_on_t'] });
  push('a', 'end');
  push('b', 'start', { kind: 'r_on_t' });
  assert.equal(events.length, 0);
  push('c', 'update');
  assert.deepEqual(
    events.map((event) => event.phase),
    ['start'],
  );
  assert.equal(book.active().length, 1);
});

test('start, update, end under one id, in wall time', () => {
  const { events, push, after, book } = opened();
  push('a', 'start');
  after(6);
  push('a', 'update', { sample: 30 });
  push('a', 'end', { sample: 40 });
  assert.deepEqual(
    events.map((event) => [event.phase, event.t_ms, event.start_t_ms]),
    [
      ['start', 40, 20],
      ['update', 60, 20],
      ['end', 80, 20],
    ],
  );
  assert.deepEqual(book.active(), []);
});

test('a storm of updates of one alert: one each five seconds, the newest', () => {
  const { events, push, after, book } = opened();
  push('a', 'start');
  for (let index = 0; index < 1000; index += 1) {
    after(0.02);
    push('a', 'update', { sample: 100 + index });
  }
  assert.ok(events.length <= 6, `${events.length}`);
  after(5);
  assert.equal(events.at(-1)?.sample, 1099);
  assert.ok((book.counters().coalesced ?? 0) > 900);
});

test('a storm of low alerts is held back, and never delays a high one', () => {
  const { events, push, after, book } = opened({ messagesPerMinute: 10 });
  for (let index = 0; index < 500; index += 1) {
    push(`a${index}`, 'start');
    push(`a${index}`, 'end');
  }
  assert.equal(events.length, 20);
  assert.equal(book.counters().suppressed, 490);
  push('waiting', 'start');
  push('vf', 'start', { kind: 'ventricular_fibrillation', priority: 'high' });
  assert.deepEqual(
    events.slice(20).map((event) => event.id),
    ['vf'],
  );
  after(10);
  assert.equal(events.at(-1)?.id, 'waiting');
  assert.equal(events.at(-1)?.phase, 'start');
});

test('silence ends by itself, and a new alert is not silent', () => {
  const { events, push, after, book } = opened();
  push('a', 'start');
  const answer = alertHandlers(book).silence({ seconds: 60 }, NOBODY);
  assert.deepEqual(answer, { until_ms: 1_060_000 });
  assert.equal(events.at(-1)?.silenced, true);
  push('b', 'start');
  assert.equal(events.at(-1)?.silenced, false);
  after(61);
  assert.equal(events.at(-1)?.id, 'a');
  assert.equal(events.at(-1)?.silenced, false);
});

test('acknowledged until the end; both end when the priority rises', () => {
  const { events, push, book } = opened();
  push('a', 'start', { priority: 'medium' });
  void alertHandlers(book).acknowledge({ id: 'a' }, NOBODY);
  book.silence('a');
  assert.deepEqual([events.at(-1)?.acknowledged, events.at(-1)?.silenced], [true, true]);
  push('a', 'update', { priority: 'high' });
  assert.deepEqual([events.at(-1)?.acknowledged, events.at(-1)?.silenced], [false, false]);
  assert.equal(events.at(-1)?.priority, 'high');
});

test('a stalled source is dated by the wall clock', () => {
  const { events, push } = opened();
  push('s', 'start', { kind: 'source_stalled' });
  assert.equal(events[0]?.t_ms, 1_000_000);
});

test('before the clock is known alerts carry the present', () => {
  const { events, push } = opened({ timeOf: () => null });
  push('a', 'start');
  assert.equal(events[0]?.start_t_ms, 1_000_000);
});

test('a wall clock that is set changes no silence and no pace, and what stands is told with its new time', () => {
  let [wallMs, monotonicMs, offsetMs] = [1_000_000, 0, 0];
  const { book, events, push } = opened({
    now: () => wallMs,
    monotonicMs: () => monotonicMs,
    timeOf: (sample) => sample * 2 + offsetMs,
  });
  const pass = (seconds: number) => {
    wallMs += 1000 * seconds;
    monotonicMs += 1000 * seconds;
    book.tick();
  };
  push('a', 'start', { priority: 'high' });
  book.silence('a', 60);
  offsetMs = -3_600_000;
  wallMs += offsetMs;
  book.clockSet();
  assert.deepEqual([events.at(-1)?.phase, events.at(-1)?.silenced], ['update', true]);
  assert.equal(events.at(-1)?.start_t_ms, 20 - 3_600_000);
  pass(59);
  assert.equal(events.at(-1)?.silenced, true);
  pass(2);
  assert.equal(events.at(-1)?.silenced, false);
  push('a', 'update', { priority: 'high', sample: 99 });
  pass(5);
  assert.equal(events.at(-1)?.sample, 99);
});

const phases = (events: readonly AlertEvent[]) =>
  events.map(({ phase, latched }) => `${phase}${latched ? '*' : ''}`);

test('what was of high priority stands after its condition until somebody acknowledges it', () => {
  const { book, events, push } = opened();
  push('a', 'start', { kind: 'asystole', priority: 'high' });
  push('a', 'end', { kind: 'asystole', priority: 'high' });
  assert.deepEqual(phases(events), ['start', 'update*']);
  assert.equal(book.active()[0]?.latched, true);
  book.acknowledge('a');
  assert.deepEqual(phases(events), ['start', 'update*', 'end']);
  assert.deepEqual(book.active(), []);
});

test('one that rose to high latches too; one that was acknowledged in time, or never high, does not', () => {
  const { book, events, push } = opened();
  push('a', 'start', { kind: 'tachycardia', priority: 'medium' });
  push('a', 'update', { kind: 'tachycardia', priority: 'high' });
  push('a', 'end', { kind: 'tachycardia', priority: 'medium' });
  assert.equal(book.active().length, 1);
  push('b', 'start', { kind: 'asystole', priority: 'high' });
  book.acknowledge('b');
  push('b', 'end', { kind: 'asystole', priority: 'high' });
  push('c', 'start', { kind: 'pause', priority: 'medium' });
  push('c', 'end', { kind: 'pause', priority: 'medium' });
  assert.deepEqual(
    book.active().map(({ id }) => id),
    ['a'],
  );
  assert.equal(events.filter(({ phase }) => phase === 'end').length, 2);
});

test('the same kind again takes the place of the latched one, so that they do not pile up', () => {
  const { book, events, push } = opened();
  for (const id of ['a', 'b', 'c']) {
    push(id, 'start', { kind: 'asystole', priority: 'high' });
    push(id, 'end', { kind: 'asystole', priority: 'high' });
  }
  assert.deepEqual(
    book.active().map(({ id }) => id),
    ['c'],
  );
  book.close();
  assert.equal(events.filter(({ phase }) => phase === 'end').length, 3);
});

test('acknowledging has a limit: then it reminds; silence says when it ends', () => {
  const { book, events, push, after } = opened({ acknowledgeSeconds: 60 });
  push('a', 'start', { kind: 'asystole', priority: 'high' });
  book.acknowledge('a');
  assert.equal(events.at(-1)?.acknowledged_until_ms, 1_060_000);
  after(59);
  assert.equal(events.at(-1)?.acknowledged, true);
  after(1);
  assert.equal(events.at(-1)?.acknowledged, false);
  assert.equal(events.at(-1)?.phase, 'update');
  book.silence('a', 30);
  assert.equal(events.at(-1)?.silenced_until_ms, 1_090_000);
});
