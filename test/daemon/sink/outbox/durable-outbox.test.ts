import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import { DurableOutbox, type DurableOutboxOptions } from '@rhythmd/daemon/sink/outbox/durable-outbox.ts';
import { SEGMENT_BYTES } from '@rhythmd/daemon/sink/outbox/lane-log.ts';
import type { Lane, Outbox, OutboxMessage } from '@rhythmd/daemon/sink/outbox/message.ts';
import { MAX_TAIL_MESSAGES } from '@rhythmd/daemon/sink/outbox/tail.ts';
import { until } from '../../../support/until.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 1_795_349_012_345;

async function newFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'outbox-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function openOutbox(t: TestContext, folder: string, options: Partial<DurableOutboxOptions> = {}) {
  const outbox = new DurableOutbox({
    folder,
    maxBytes: 64 * 1024 * 1024,
    maxAgeMs: 7 * DAY_MS,
    log: SILENT_LOGGER,
    nowMs: () => NOW_MS,
    ...options,
  });
  await outbox.open();
  t.after(() => outbox.close());
  return outbox;
}

/** Numbered payloads: what comes back says what it was. */
function pushMany(outbox: Outbox, lane: Lane, from: number, count: number, padding = 0): void {
  for (let i = from; i < from + count; i++) {
    outbox.push(lane, `ecg/d1/${lane}`, `${i}${' '.repeat(padding)}`, NOW_MS);
  }
}

/** Everything after `sequence`, read as the sender does. */
async function readAll(outbox: Outbox, sequence = outbox.acknowledged): Promise<OutboxMessage[]> {
  const all: OutboxMessage[] = [];
  for (;;) {
    const messages = await outbox.read(all.at(-1)?.sequence ?? sequence, 16);
    if (messages.length === 0) return all;
    all.push(...messages);
  }
}

const numbers = (messages: readonly OutboxMessage[]) =>
  messages.map(({ payload }) => Number(payload.toString()));
const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

const untilStored = (outbox: Outbox) => until(() => outbox.counts().unstored === 0, 'everything is on disk');

test('garbage in the folder is left alone or cleared, and stops nothing', async (t) => {
  const folder = await newFolder(t);
  await writeFile(join(folder, 'notes.txt'), 'mine');
  await writeFile(join(folder, 'beat-000000000001.seg'), 'RHYOUT9\nfrom the future');
  await writeFile(join(folder, 'beat-000000000002.seg'), '');
  await writeFile(join(folder, 'beat-000000000003.seg'), 'RHYOUT1\ngarbage');
  await writeFile(join(folder, 'acknowledged'), 'garbage');
  const outbox = await openOutbox(t, folder);
  pushMany(outbox, 'beat', 1, 3);
  await untilStored(outbox);
  assert.deepEqual(numbers(await readAll(outbox)), [1, 2, 3]);
  assert.ok((await readdir(folder)).includes('notes.txt'));
});

test('a folder that cannot be made: it says so and works in memory', async (t) => {
  const folder = await newFolder(t);
  await writeFile(join(folder, 'file'), '');
  const outbox = new DurableOutbox({
    folder: join(folder, 'file/outbox'),
    maxBytes: 1e6,
    maxAgeMs: DAY_MS,
    log: SILENT_LOGGER,
    nowMs: () => NOW_MS,
  });
  outbox.push('beat', 'ecg/d1/beat', '1', NOW_MS);
  await assert.rejects(outbox.open(), { code: 'E_OUTBOX_FOLDER' });
  outbox.push('beat', 'ecg/d1/beat', '2', NOW_MS);
  assert.deepEqual(numbers(await readAll(outbox)), [1, 2]);
  await outbox.close();
});

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

test('a torn last message is cut off, and what comes later is not lost behind it', async (t) => {
  const folder = await newFolder(t);
  const first = await openOutbox(t, folder);
  pushMany(first, 'beat', 1, 5);
  await untilStored(first);
  const path = join(folder, 'beat-000000000001.seg');
  const whole = (await stat(path)).size;
  await appendFile(path, Buffer.from('5000000012345678aabb', 'hex'));
  const second = await openOutbox(t, folder);
  assert.equal((await stat(path)).size, whole);
  pushMany(second, 'beat', 6, 5);
  await untilStored(second);
  assert.deepEqual(numbers(await readAll(second)), range(1, 10));
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

test('too old: messages go, but not those of a clock that was not set', async (t) => {
  const folder = await newFolder(t);
  let nowMs = NOW_MS;
  const outbox = await openOutbox(t, folder, { nowMs: () => nowMs });
  outbox.push('alert', 'ecg/d1/alert', '1', 5000);
  outbox.push('beat', 'ecg/d1/beat', '2', nowMs);
  await untilStored(outbox);
  nowMs += 8 * DAY_MS;
  outbox.push('strip', 'ecg/d1/strip/a', '3', nowMs);
  await until(() => outbox.counts().dropped === 1, 'the beat is given up');
  await untilStored(outbox);
  assert.equal(outbox.counts().messages, 2);
});

test('a full disk: messages go out from memory at once, and to disk when it has room', async (t) => {
  const folder = await newFolder(t);
  const outbox = await openOutbox(t, folder);
  // Every write to the first file answers "no space left on device"; it is then deleted, and the next one works.
  await symlink('/dev/full', join(folder, 'beat-000000000001.seg'));
  pushMany(outbox, 'beat', 1, 3);
  await until(() => /ENOSPC/.test(outbox.counts().failure ?? ''), 'the failure is known');
  pushMany(outbox, 'beat', 4, 3);
  assert.deepEqual(numbers(await readAll(outbox)), range(1, 6));
  await until(() => outbox.counts().failure === null, 'the disk works again');
  const second = await openOutbox(t, folder);
  assert.deepEqual(numbers(await readAll(second)), range(1, 6));
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
  });
  const opening = second.open();
  pushMany(second, 'beat', 3, 2);
  await opening;
  await untilStored(second);
  assert.deepEqual(numbers(await readAll(second)), [1, 2, 3, 4]);
  await second.close();
});
