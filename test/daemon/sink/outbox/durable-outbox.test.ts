/** What waits on disk: order, age, bounds, and what a crash leaves. */
import assert from 'node:assert/strict';
import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import { DurableOutbox } from '@rhythmd/daemon/sink/outbox/durable-outbox.ts';
import { SEGMENT_BYTES } from '@rhythmd/daemon/sink/outbox/lane-log.ts';
import { MAX_TAIL_MESSAGES } from '@rhythmd/daemon/sink/outbox/tail.ts';
import { until } from '../../../support/until.ts';
import {
  DAY_MS,
  NOW_MS,
  newFolder,
  numbers,
  openOutbox,
  pushMany,
  range,
  readAll,
  untilStored,
} from './outbox-of.ts';

test('after a crash everything unacknowledged comes again, in one order over the lanes', async (t) => {
  const folder = await newFolder(t);
  const first = await openOutbox(t, folder);
  for (let i = 1; i <= 300; i++)
    pushMany(first, i % 10 === 0 ? 'alert' : i % 25 === 0 ? 'strip' : 'beat', i, 1);
  await untilStored(first);
  for (const message of (await readAll(first)).slice(0, 100)) first.acknowledge(message);
  // The position is written once a second; then it dies without a word.
  await until(
    async () => (await readFile(join(folder, 'acknowledged'))).length > 0,
    'the position is written',
  );
  const second = await openOutbox(t, folder);
  pushMany(second, 'beat', 301, 10);
  await untilStored(second);
  assert.deepEqual(numbers(await readAll(second)), range(101, 210));
  assert.equal(second.counts().messages, 210);
});

test('a backlog far larger than memory comes back in order, whole', async (t) => {
  const folder = await newFolder(t);
  const outbox = await openOutbox(t, folder);
  const count = 3 * MAX_TAIL_MESSAGES;
  for (let i = 1; i <= count; i += 500) {
    pushMany(outbox, 'beat', i, Math.min(500, count - i + 1), 300);
    await untilStored(outbox);
  }
  assert.equal(outbox.counts().messages, count);
  assert.deepEqual(numbers(await readAll(outbox)), range(1, count));
  assert.ok((await readdir(folder)).length > 3);
  // Read again from the middle, as after a broken connection.
  assert.equal(numbers(await readAll(outbox, 5000))[0], 5001);
});

test('acknowledged files are deleted', async (t) => {
  const folder = await newFolder(t);
  const outbox = await openOutbox(t, folder);
  for (let i = 0; i < 8; i++) {
    pushMany(outbox, 'beat', i * 100 + 1, 100, SEGMENT_BYTES / 200);
    await untilStored(outbox);
  }
  const before = outbox.counts().bytes;
  for (const message of await readAll(outbox)) outbox.acknowledge(message);
  await until(() => outbox.counts().bytes < before / 3, 'files are deleted');
  assert.equal(outbox.counts().messages, 0);
  await outbox.close();
  assert.deepEqual(await readdir(folder), ['acknowledged']);
});

test('too much: the oldest beats go before any alert', async (t) => {
  const folder = await newFolder(t);
  const outbox = await openOutbox(t, folder, { maxBytes: 4 * SEGMENT_BYTES });
  pushMany(outbox, 'alert', 1, 20, 500);
  for (let i = 0; i < 30; i++) {
    pushMany(outbox, 'beat', 100 + i * 100, 100, SEGMENT_BYTES / 200);
    await untilStored(outbox);
  }
  await until(() => outbox.counts().bytes <= 4 * SEGMENT_BYTES, 'the bound holds');
  const messages = await readAll(outbox);
  assert.equal(messages.filter(({ lane }) => lane === 'alert').length, 20);
  assert.equal(numbers(messages).at(-1), 3099);
  const { dropped, droppedAlerts } = outbox.counts();
  assert.ok(dropped > 0);
  assert.equal(droppedAlerts, 0);
});

test('too old: messages go, by the clock that nobody sets', async (t) => {
  const folder = await newFolder(t);
  let monotonicMs = 1000;
  const outbox = await openOutbox(t, folder, { monotonicMs: () => monotonicMs });
  outbox.push('alert', 'ecg/d1/alert', '1', 5000);
  outbox.push('beat', 'ecg/d1/beat', '2', NOW_MS);
  await untilStored(outbox);
  monotonicMs += 8 * DAY_MS;
  outbox.push('strip', 'ecg/d1/strip/a', '3', NOW_MS);
  await until(() => outbox.counts().dropped === 2, 'alert and beat are given up');
  await untilStored(outbox);
  assert.equal(outbox.counts().messages, 1);
});

test('the wall clock set nine days forward or three weeks back: nothing is given up, nothing waits', async (t) => {
  const folder = await newFolder(t);
  let nowMs = NOW_MS;
  const outbox = await openOutbox(t, folder, { nowMs: () => nowMs });
  for (const [number, stepMs] of [9 * DAY_MS, -30 * DAY_MS, 21 * DAY_MS].entries()) {
    outbox.push('alert', 'ecg/d1/alert', `${2 * number + 1}`, nowMs);
    await untilStored(outbox);
    nowMs += stepMs;
    outbox.push('beat', 'ecg/d1/beat', `${2 * number + 2}`, nowMs);
    await untilStored(outbox);
  }
  assert.deepEqual(numbers(await readAll(outbox)), range(1, 6));
  assert.equal(outbox.counts().dropped, 0);
});

test('what an earlier run left has the age its stamps say; one of 1970, or of the future, has none', async (t) => {
  const folder = await newFolder(t);
  const first = await openOutbox(t, folder);
  first.push('alert', 'ecg/d1/alert', '1', 5000);
  first.push('beat', 'ecg/d1/beat', '2', NOW_MS);
  first.push('strip', 'ecg/d1/strip/a', '3', NOW_MS + 100 * DAY_MS);
  await untilStored(first);
  const second = await openOutbox(t, folder, { nowMs: () => NOW_MS + 8 * DAY_MS });
  pushMany(second, 'beat', 4, 1);
  await until(() => second.counts().dropped === 1, 'the beat is given up');
  assert.deepEqual(numbers(await readAll(second)), [1, 3, 4]);
});

test('pushed before it is open: kept, behind what earlier runs left', async (t) => {
  const folder = await newFolder(t);
  const first = await openOutbox(t, folder);
  pushMany(first, 'beat', 1, 2);
  await untilStored(first);
  const second = new DurableOutbox({
    folder,
    maxBytes: 1e6,
    maxAgeMs: DAY_MS,
    log: SILENT_LOGGER,
    nowMs: () => NOW_MS,
    monotonicMs: () => performance.now(),
  });
  const opening = second.open();
  pushMany(second, 'beat', 3, 2);
  await opening;
  await untilStored(second);
  assert.deepEqual(numbers(await readAll(second)), [1, 2, 3, 4]);
  await second.close();
});

test('what it writes is for nobody else', async (t) => {
  const folder = await newFolder(t);
  await chmod(folder, 0o755);
  const outbox = await openOutbox(t, folder);
  pushMany(outbox, 'beat', 1, 1);
  await untilStored(outbox);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  for (const name of await readdir(folder)) {
    assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name);
  }
});

test('alerts are read past the beats before them, from files and from memory', async (t) => {
  const folder = await newFolder(t);
  const first = await openOutbox(t, folder);
  pushMany(first, 'beat', 0, 50);
  pushMany(first, 'alert', 50, 2);
  await until(() => first.counts().unstored === 0, 'the disk');
  await first.close();
  const outbox = await openOutbox(t, folder);
  pushMany(outbox, 'beat', 52, 20);
  pushMany(outbox, 'alert', 72, 1);
  const found: string[] = [];
  let sequence = outbox.acknowledged;
  await until(async () => {
    for (const message of await outbox.readAlerts(sequence, 2)) {
      found.push(message.payload.toString());
      sequence = message.sequence;
    }
    return found.length >= 3;
  }, 'three alerts');
  assert.deepEqual(found, ['50', '51', '72']);
});
