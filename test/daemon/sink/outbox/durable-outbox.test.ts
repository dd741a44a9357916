import assert from 'node:assert/strict';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import { DurableOutbox, type DurableOutboxOptions } from '@rhythmd/daemon/sink/outbox/durable-outbox.ts';
import { SEGMENT_BYTES } from '@rhythmd/daemon/sink/outbox/lane-log.ts';
import type { Lane, Outbox, OutboxMessage } from '@rhythmd/daemon/sink/outbox/message.ts';
import { MAX_TAIL_MESSAGES } from '@rhythmd/daemon/sink/outbox/tail.ts';
import { LogText } from '../../../support/delivery/sink.ts';
import { until } from '../../../support/until.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 1_795_349_012_345;

async function newFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'outbox-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function newOutbox(folder: string, options: Partial<DurableOutboxOptions> = {}): DurableOutbox {
  return new DurableOutbox({
    folder,
    maxBytes: 64 * 1024 * 1024,
    maxAgeMs: 7 * DAY_MS,
    log: SILENT_LOGGER,
    nowMs: () => NOW_MS,
    monotonicMs: () => performance.now(),
    ...options,
  });
}

async function openOutbox(t: TestContext, folder: string, options: Partial<DurableOutboxOptions> = {}) {
  const outbox = newOutbox(folder, options);
  await outbox.open();
  // Its folder is made again by whoever closes an outbox without one.
  t.after(async () => {
    await outbox.close();
    await rm(folder, { recursive: true, force: true });
  });
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
    monotonicMs: () => performance.now(),
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

test('a folder that cannot be used at the start is opened later: what waited there first, then what waits in memory', async (t) => {
  const folder = await newFolder(t);
  const earlier = await openOutbox(t, folder);
  pushMany(earlier, 'beat', 1, 3);
  await untilStored(earlier);
  await earlier.close();
  await rename(folder, `${folder}-away`);
  await writeFile(folder, 'no folder');
  const outbox = newOutbox(folder, { openAgainMs: 50 });
  let renumbered = 0;
  outbox.onRenumbered = () => {
    renumbered++;
  };
  await assert.rejects(outbox.open(), { code: 'E_OUTBOX_FOLDER' });
  pushMany(outbox, 'alert', 4, 2);
  assert.equal(outbox.counts().messages, 2);
  outbox.acknowledge((await readAll(outbox))[0]!);
  await rm(folder);
  await rename(`${folder}-away`, folder);
  await until(() => renumbered === 1, 'the folder is opened');
  t.after(() => outbox.close());
  pushMany(outbox, 'beat', 6, 1);
  await untilStored(outbox);
  assert.deepEqual(numbers(await readAll(outbox)), [1, 2, 3, 5, 6]);
  for (const message of await readAll(outbox)) outbox.acknowledge(message);
  assert.equal(outbox.counts().messages, 0);
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
    monotonicMs: () => performance.now(),
  });
  const opening = second.open();
  pushMany(second, 'beat', 3, 2);
  await opening;
  await untilStored(second);
  assert.deepEqual(numbers(await readAll(second)), [1, 2, 3, 4]);
  await second.close();
});

const segmentIn = async (folder: string, lane: Lane) =>
  join(folder, (await readdir(folder)).filter((name) => name.startsWith(`${lane}-`)).sort()[0]!);

/** A hundred beats that a crash left on disk, with one bit of their file flipped. */
async function withFlippedBit(t: TestContext, at: number, bit: number) {
  const folder = await newFolder(t);
  const first = await openOutbox(t, folder);
  pushMany(first, 'beat', 1, 100);
  await untilStored(first);
  const path = await segmentIn(folder, 'beat');
  const bytes = await readFile(path);
  bytes[at]! ^= 1 << bit;
  await writeFile(path, bytes);
  return { folder, path, bytes };
}

for (const [what, at, bit] of [
  ['a length', 8 + 10 * 38 + 2, 3],
  ['the magic', 3, 0],
  ['the version in the magic', 6, 3],
] as const) {
  test(`one flipped bit in ${what} costs one message at most, is counted, and the file is kept aside`, async (t) => {
    const { folder, path, bytes } = await withFlippedBit(t, at, bit);
    const log = new LogText();
    const second = await openOutbox(t, folder, { log });
    assert.equal(second.counts().damaged, 1);
    assert.match(log.text, /E_OUTBOX_DAMAGED: 1 place.*\.damaged/);
    assert.deepEqual(await readFile(`${path}.damaged`), bytes);
    pushMany(second, 'beat', 101, 5);
    await untilStored(second);
    const back = numbers(await readAll(second));
    assert.ok(back.length >= 104, `${back.length} of 105 came back`);
    assert.deepEqual(back.slice(-5), range(101, 5));
  });
}

test('a file of another version is neither sent nor written over', async (t) => {
  const folder = await newFolder(t);
  const path = join(folder, 'beat-000000000001.seg');
  await writeFile(path, 'RHYOUT9\nfrom the future');
  const outbox = await openOutbox(t, folder);
  pushMany(outbox, 'beat', 1, 3);
  await untilStored(outbox);
  assert.equal(await readFile(path, 'utf8'), 'RHYOUT9\nfrom the future');
  assert.deepEqual(numbers(await readAll(outbox)), [1, 2, 3]);
});

test('damaged files do not fill the disk: the newest few are kept', async (t) => {
  const folder = await newFolder(t);
  for (let i = 1; i <= 20; i++) {
    await writeFile(join(folder, `beat-${String(i).padStart(12, '0')}.seg`), `RHYOUT1\n${'x'.repeat(99)}`);
    await writeFile(join(folder, `beat-${String(i).padStart(12, '0')}.seg.damaged`), 'x');
  }
  await openOutbox(t, folder);
  const aside = (await readdir(folder)).filter((name) => name.endsWith('.damaged')).sort();
  assert.equal(aside.length, 8);
  assert.equal(aside.at(-1), 'beat-000000000020.seg.damaged');
});

test('the folder taken away while it runs: said, made again, and what memory has is written again', async (t) => {
  const folder = await newFolder(t);
  const log = new LogText();
  const outbox = await openOutbox(t, folder, { log });
  pushMany(outbox, 'alert', 1, 5);
  pushMany(outbox, 'beat', 6, 50);
  await untilStored(outbox);
  await rm(folder, { recursive: true });
  pushMany(outbox, 'beat', 56, 5);
  await until(() => /E_OUTBOX_TAKEN/.test(log.text), 'the loss is noticed');
  await untilStored(outbox);
  assert.equal(outbox.counts().dropped, 0);
  const second = await openOutbox(t, folder);
  assert.deepEqual(
    numbers(await readAll(second)).sort((a, b) => a - b),
    range(1, 60),
  );
});

test('the folder taken away and the daemon ended at once: nothing is lost', async (t) => {
  const folder = await newFolder(t);
  const outbox = await openOutbox(t, folder);
  pushMany(outbox, 'beat', 1, 50);
  await untilStored(outbox);
  await rm(folder, { recursive: true });
  await outbox.close();
  assert.deepEqual(numbers(await readAll(await openOutbox(t, folder))), range(1, 50));
});

test('a file that can be read no more holds up nothing that lies behind it', async (t) => {
  const folder = await newFolder(t);
  const first = await openOutbox(t, folder);
  pushMany(first, 'beat', 1, 3);
  await untilStored(first);
  const second = await openOutbox(t, folder);
  pushMany(second, 'alert', 4, 3);
  await untilStored(second);
  const path = await segmentIn(folder, 'beat');
  await rm(path);
  await mkdir(path);
  await until(async () => (await second.read(0, 16)).length > 0, 'the alerts are sent');
  assert.deepEqual(numbers(await readAll(second)), [4, 5, 6]);
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
