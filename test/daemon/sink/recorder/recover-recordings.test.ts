import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { recoverRecordings } from '@rhythmd/daemon/sink/recorder/recover-recordings.ts';
import { redate } from '@rhythmd/daemon/sink/recorder/redate.ts';
import { startOf } from '@rhythmd/ecg/wfdb/record-time.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { describeStream, HOUR_START_MS, makeRecorder, ramp } from '../../../support/recording.ts';

const NAME = '20261122_150000';

async function folderWithRecording(t: TestContext): Promise<string> {
  const { recorder, folder } = makeRecorder();
  t.after(() => rmSync(folder, { recursive: true }));
  recorder.stream(describeStream());
  recorder.received(ramp(0, 720), HOUR_START_MS);
  await recorder.stop();
  return folder;
}

test('leftovers go; recordings, strangers and signals that lost their header stay', async (t) => {
  const folder = await folderWithRecording(t);
  for (const [name, content] of [
    ['20261122_110000.hea.tmp', 'half'],
    ['20261122_110000.dat', ''],
    ['20261122_110000.atr', 'x'],
    ['20261122_120000.hea', 'a header without signals'],
    ['20261122_130000.dat', 'signals without a header'],
    ['mine.dat', ''],
    ['alerts_20261122.jsonl', ''],
  ]) {
    writeFileSync(join(folder, name!), content!);
  }
  const { samplesSaved, orphans } = await recoverRecordings(folder);
  assert.deepEqual(readdirSync(folder).sort(), [
    '20261122_130000.dat',
    `${NAME}.atr`,
    `${NAME}.dat`,
    `${NAME}.hea`,
    'alerts_20261122.jsonl',
    'mine.dat',
  ]);
  assert.equal(samplesSaved, 0);
  assert.deepEqual(orphans, ['20261122_130000']);
});

test('samples that no header counted are saved, half a frame is not', async (t) => {
  const folder = await folderWithRecording(t);
  const path = join(folder, NAME);
  appendFileSync(`${path}.dat`, Buffer.from('0100ffff0200feff03', 'hex'));
  assert.deepEqual(await recoverRecordings(folder), { samplesSaved: 2, orphans: [], unread: [] });
  const record = readRecord(path); // compares the checksums
  assert.equal(record.sampleCount, 722);
  assert.deepEqual([...record.adc[1]!.subarray(720)], [-1, -2]);
  assert.deepEqual(await recoverRecordings(folder), { samplesSaved: 0, orphans: [], unread: [] });
});

test('a header without a count, as a crash in the first second leaves it', async (t) => {
  const folder = await folderWithRecording(t);
  const path = join(folder, NAME);
  const text = readFileSync(`${path}.hea`, 'latin1');
  writeFileSync(`${path}.hea`, text.replace(' 360 720 ', ' 360 0 '));
  assert.equal(readRecord(path).sampleCount, 720);
  assert.equal((await recoverRecordings(folder)).samplesSaved, 720);
  assert.match(readFileSync(`${path}.hea`, 'latin1'), / 360 720 /);
});

test('a header that announces more than there is counts what there is', async (t) => {
  const folder = await folderWithRecording(t);
  const path = join(folder, NAME);
  writeFileSync(`${path}.dat`, readFileSync(`${path}.dat`).subarray(0, 401));
  assert.equal((await recoverRecordings(folder)).samplesSaved, 0);
  assert.equal(readRecord(path).sampleCount, 100);
});

test('dated anew: names, header and annotations go together, whatever step a crash comes after', async (t) => {
  const THREE_WEEKS_MS = 21 * 86_400_000;
  const NEW_NAME = '20261213_150000';
  const done = await folderWithRecording(t);
  const { name, startMs } = await redate(done, NAME, THREE_WEEKS_MS, false);
  assert.deepEqual([name, startMs], [NEW_NAME, HOUR_START_MS + THREE_WEEKS_MS]);
  const newHeader = readFileSync(join(done, `${NEW_NAME}.hea`));
  const moved = ['dat', 'atr', 'hea'];
  for (let steps = 0; steps <= moved.length; steps++) {
    const folder = await folderWithRecording(t);
    const annotations = readAnnotations(join(folder, NAME), 'atr').length;
    writeFileSync(join(folder, `${NEW_NAME}.hea`), newHeader);
    for (const extension of moved.slice(0, steps)) {
      const from = join(folder, `${NAME}.${extension}`);
      if (extension !== 'hea') writeFileSync(join(folder, `${NEW_NAME}.${extension}`), readFileSync(from));
      rmSync(from);
    }
    await recoverRecordings(folder);
    const left = steps === 0 ? NAME : NEW_NAME;
    assert.deepEqual(readdirSync(folder).sort(), [`${left}.atr`, `${left}.dat`, `${left}.hea`], `${steps}`);
    const record = readRecord(join(folder, left));
    assert.equal(record.sampleCount, 720);
    assert.equal(startOf(record.header), HOUR_START_MS + (steps === 0 ? 0 : THREE_WEEKS_MS));
    assert.equal(readAnnotations(join(folder, left), 'atr').length, annotations);
  }
});

test('one that cannot be looked into is told and stays, and the others are mended', async (t) => {
  const folder = await folderWithRecording(t);
  const path = join(folder, NAME);
  appendFileSync(`${path}.dat`, Buffer.from('0100ffff', 'hex'));
  writeFileSync(join(folder, '20261122_160000.hea'), '20261122_160000 1 360 0\n20261122_160000.dat 36\n');
  writeFileSync(join(folder, '20261122_160000.dat'), 'signals of another world');
  mkdirSync(join(folder, '20261122_170000.dat'));
  writeFileSync(join(folder, '20261122_170000.hea'), readFileSync(`${path}.hea`));
  const { samplesSaved, unread } = await recoverRecordings(folder);
  assert.equal(samplesSaved, 1);
  assert.match(unread.join('\n'), /20261122_160000: .*format 36/);
  assert.match(unread.join('\n'), /20261122_170000: .*EISDIR/);
  assert.equal(readdirSync(folder).length, 7);
});

test('an unreadable folder is the caller’s to tell', async () => {
  await assert.rejects(recoverRecordings(join(mkdtempSync(join(tmpdir(), 'rhythmd-none-')), 'none')));
});
