/** The wall clock is set while a recorder writes. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { nameBefore } from '@rhythmd/daemon/sink/recorder/redate.ts';
import { startOf } from '@rhythmd/ecg/wfdb/record-time.ts';
import type { BeatEvent } from '@rhythmd/protocol/events.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { describeStream, HOUR_START_MS, makeRecorder, ramp } from '../../../support/recording.ts';

const THREE_WEEKS_MS = 21 * 86_400_000;
const beat = (sample: number) => ({ sample, code: 'N' }) as BeatEvent;
const recordings = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.hea'))
    .map((name) => name.slice(0, -4))
    .sort();

async function started(t: TestContext) {
  const made = makeRecorder();
  await made.recorder.start();
  t.after(async () => {
    await made.recorder.stop();
    rmSync(made.folder, { recursive: true, force: true });
  });
  made.recorder.stream(describeStream());
  return made;
}

test('what was recorded before is dated anew, and the recording goes on in the same files', async (t) => {
  const { recorder, folder } = await started(t);
  recorder.received(ramp(0, 360), HOUR_START_MS);
  recorder.beat(beat(100));
  await recorder.flush();
  recorder.clockSet(THREE_WEEKS_MS, HOUR_START_MS + 1000 + THREE_WEEKS_MS);
  recorder.received(ramp(360, 360), HOUR_START_MS + 1000 + THREE_WEEKS_MS);
  recorder.beat(beat(400));
  await recorder.flush();
  assert.deepEqual(recordings(folder), ['20261213_150000']);
  const record = readRecord(join(folder, '20261213_150000'));
  assert.equal(record.sampleCount, 720);
  assert.equal(startOf(record.header), HOUR_START_MS + THREE_WEEKS_MS);
  assert.equal(nameBefore(record.header), '20261122_150000');
  const beats = readAnnotations(join(folder, '20261213_150000'), 'atr').filter(({ code }) => code === 1);
  assert.deepEqual(
    beats.map(({ sample }) => sample),
    [100, 400],
  );
  const log = readFileSync(join(folder, 'alerts_20261213.jsonl'), 'utf8');
  assert.deepEqual(JSON.parse(log), {
    topic: 'clock',
    t_ms: HOUR_START_MS + 1000 + THREE_WEEKS_MS,
    shift_ms: THREE_WEEKS_MS,
  });
});

test('set before anything is on disk, set back, and set twice', async (t) => {
  const { recorder, folder } = await started(t);
  recorder.received(ramp(0, 360), HOUR_START_MS);
  recorder.clockSet(THREE_WEEKS_MS, HOUR_START_MS);
  await recorder.flush();
  assert.deepEqual(recordings(folder), ['20261213_150000']);
  recorder.clockSet(-3_600_000, HOUR_START_MS);
  recorder.clockSet(-3_600_000, HOUR_START_MS);
  await recorder.flush();
  assert.deepEqual(recordings(folder), ['20261213_130000']);
  assert.equal(readRecord(join(folder, '20261213_130000')).sampleCount, 360);
});

test('hours that ended before are dated anew too; the growing one ends at the new hour', async (t) => {
  const { recorder, folder } = await started(t);
  recorder.received(ramp(0, 3600), HOUR_START_MS + 3_600_000 - 5000);
  recorder.received(ramp(3600, 3600), HOUR_START_MS + 3_600_000 + 5000);
  await recorder.flush();
  assert.deepEqual(recordings(folder), ['20261122_155955', '20261122_160000']);
  // Now it is 16:59:50 of another day.
  const shiftMs = THREE_WEEKS_MS + 59 * 60_000 + 35_000;
  recorder.clockSet(shiftMs, HOUR_START_MS + shiftMs);
  for (let first = 7200; first < 7200 + 20 * 360; first += 360) {
    recorder.received(ramp(first, 360), HOUR_START_MS + 3_595_000 + (first / 360) * 1000 + shiftMs);
    await recorder.flush();
  }
  assert.deepEqual(recordings(folder), ['20261213_165930', '20261213_165935', '20261213_170000']);
  const counts = recordings(folder).map((name) => readRecord(join(folder, name)).sampleCount);
  assert.deepEqual(counts, [5 * 360, 25 * 360, 10 * 360]);
});
