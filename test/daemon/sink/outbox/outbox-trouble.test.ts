/** Damaged files, full disks and folders that go away: nothing is lost that can be kept, and it is said. */
import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SILENT_LOGGER } from '@rhythmd/daemon/log/logger.ts';
import { DurableOutbox } from '@rhythmd/daemon/sink/outbox/durable-outbox.ts';
import { LogText } from '../../../support/delivery/sink.ts';
import { until } from '../../../support/until.ts';
import {
  DAY_MS,
  NOW_MS,
  newFolder,
  newOutbox,
  numbers,
  openOutbox,
  pushMany,
  range,
  readAll,
  segmentIn,
  untilStored,
} from './outbox-of.ts';

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
