/** Disks that are full, slow or gone, crashes, and streams that end: what is kept, and what is said. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MAX_PENDING_S } from '@rhythmd/daemon/sink/recorder/segment.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { describeStream, HOUR_START_MS, makeRecorder, ramp } from '../../../support/recording.ts';
import { until } from '../../../support/until.ts';
import { alert, beat, marks, recordings, started } from './started.ts';

test('alerts that cannot be written do not keep the signals from the disk', async (t) => {
  const { recorder, folder } = await started(t);
  const file = join(folder, 'alerts_20261122.jsonl');
  mkdirSync(file);
  // A folder in its place is moved aside, unless that is taken.
  mkdirSync(join(`${file}.no-file`, 'full'), { recursive: true });
  recorder.stream(describeStream());
  recorder.alert(alert({ start_sample: 0 }));
  recorder.received(ramp(0, 360), HOUR_START_MS);
  await recorder.flush();
  assert.match(recorder.status().state, /^failed: ENOTEMPTY/);
  assert.equal(readRecord(join(folder, recordings(folder)[0]!)).sampleCount, 360);
  rmSync(file, { recursive: true });
  await recorder.flush();
  assert.equal(recorder.status().state, 'recording');
  assert.match(readFileSync(file, 'utf8'), /"a1"/);
});

test('a file in the place of the folder is told once, and recording begins anew when it is gone', async (t) => {
  const { recorder, folder, lines } = await started(t);
  recorder.stream(describeStream());
  recorder.received(ramp(0, 360), HOUR_START_MS);
  await recorder.flush();
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'x');
  for (let i = 1; i <= 5; i++) {
    recorder.received(ramp(360 * i, 360), HOUR_START_MS + 1000 * i);
    await recorder.flush();
  }
  assert.match(recorder.status().state, /^failed: E_RECORDER_FOLDER/);
  assert.ok(lines.filter((line) => /^recording: /.test(line)).length <= 2, lines.join('\n'));
  rmSync(folder);
  recorder.received(ramp(360 * 6, 360), HOUR_START_MS + 6000);
  await recorder.flush();
  assert.equal(recorder.status().state, 'recording');
  assert.ok(readRecord(join(folder, recordings(folder)[0]!)).sampleCount >= 360);
});

test('a folder that cannot be made: health says so, and recording begins when it is mended', async (t) => {
  const { folder: parent } = makeRecorder();
  writeFileSync(join(parent, 'file'), '');
  const folder = join(parent, 'file', 'below');
  const { recorder, lines } = await started(t, { folder });
  assert.match(recorder.status().state, /^failed: E_RECORDER_FOLDER: .*below.*recorder\.folder/);
  recorder.stream(describeStream());
  recorder.received(ramp(0, 360), HOUR_START_MS);
  await recorder.flush();
  assert.match(recorder.status().state, /^failed: E_RECORDER_FOLDER/);
  rmSync(join(parent, 'file'));
  await recorder.flush();
  assert.equal(recorder.status().state, 'recording');
  assert.equal(readRecord(join(folder, recordings(folder)[0]!)).sampleCount, 360);
  assert.equal(lines.filter((line) => /E_RECORDER_FOLDER/.test(line)).length, 1);
});

test('a crash before the first samples are counted loses none of those on disk', async (t) => {
  const { recorder, folder } = await started(t);
  recorder.stream(describeStream());
  recorder.received(ramp(0, 360), HOUR_START_MS);
  const writing = recorder.flush();
  // As soon as there is a file with samples there is a header that describes it.
  await until(() => existsSync(join(folder, '20261122_150000.dat')), 'the signals');
  await until(() => existsSync(join(folder, '20261122_150000.hea')), 'the header');
  assert.deepEqual(readRecord(join(folder, '20261122_150000')).leadNames, ['MLII', 'V1']);
  await writing;
});

test('a mark that is told before the beats before it waits for them: a crash then takes none of them', async (t) => {
  const { recorder, folder } = await started(t);
  recorder.stream(describeStream());
  recorder.received(ramp(0, 3600), HOUR_START_MS);
  recorder.beat(beat(500));
  recorder.quality({ lead: 0, sample: 3000, quality: 'good' });
  await recorder.flush('nothing');
  const [name] = recordings(folder);
  const start = '0 ~ MLII settling, V1 settling';
  assert.deepEqual(marks(folder, name!), [start, '0 + (N', '500 N']);
  recorder.beat(beat(1000));
  recorder.beat(beat(2000));
  await recorder.flush('nothing');
  assert.deepEqual(marks(folder, name!).slice(2), ['500 N', '1000 N', '2000 N']);
  await recorder.flush();
  await recorder.flush();
  assert.equal(marks(folder, name!).at(-1), '3000 ~ V1 settling');
});

test('the oldest recordings go when room gets short, then recording pauses and alerts stay', async (t) => {
  let free = 100;
  let nowMs = HOUR_START_MS;
  const { recorder, folder, lines } = await started(t, {
    minFreeBytes: 50,
    freeBytes: async () => free,
    monotonicMs: () => nowMs,
  });
  const check = async () => {
    nowMs += 11_000;
    await recorder.flush();
  };
  recorder.stream(describeStream());
  for (const [i, first] of [0, 100_000, 200_000].entries()) {
    recorder.received(ramp(first, 360), HOUR_START_MS + i * 1000_000);
    await check();
  }
  assert.equal(recordings(folder).length, 3);
  free = 40;
  await check();
  // All that could go went: it frees nothing here.
  assert.deepEqual(recordings(folder), ['20261122_153320']);
  assert.match(lines[0] ?? '', /recording 20261122_150000 deleted to make room/);
  assert.match(lines.at(-1) ?? '', /disk is full/);
  assert.equal(recorder.status().state, 'disk full');
  recorder.received(ramp(200_360, 360), nowMs);
  recorder.alert(alert({ id: 'kept', start_sample: 0 }));
  await check();
  const { recorder_deleted, recorder_samples_refused } = recorder.counters();
  assert.deepEqual([recorder_deleted, recorder_samples_refused], [2, 360]);
  assert.match(readFileSync(join(folder, 'alerts_20261122.jsonl'), 'utf8'), /"id":"kept"/);
  free = 100;
  await check();
  recorder.received(ramp(200_720, 360), nowMs);
  await recorder.flush();
  assert.equal(recorder.status().state, 'recording');
});

test('all recordings together stay within their bound', async (t) => {
  let nowMs = HOUR_START_MS;
  const { recorder, folder } = await started(t, { maxBytes: 5000, monotonicMs: () => nowMs });
  recorder.stream(describeStream());
  for (let i = 0; i < 8; i++) {
    recorder.received(ramp(i * 100_000, 360), HOUR_START_MS + i * 60_000);
    nowMs += 11_000;
    await recorder.flush();
  }
  assert.ok(recordings(folder).length <= 4);
  assert.ok(recordings(folder).includes('20261122_150700'));
});

test('a disk that does not answer costs samples, counted, and never memory', async (t) => {
  let answer = () => {};
  const hang = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let nowMs = HOUR_START_MS;
  const { recorder, folder } = await started(t, {
    monotonicMs: () => nowMs,
    freeBytes: async () => {
      if (nowMs > HOUR_START_MS) await hang;
      return Number.POSITIVE_INFINITY;
    },
  });
  recorder.stream(describeStream());
  nowMs += 11_000;
  const stuck = recorder.flush();
  const seconds = MAX_PENDING_S + 20;
  for (let s = 0; s < seconds; s++) recorder.received(ramp(s * 360, 360), HOUR_START_MS + s * 1000);
  assert.equal(recorder.counters().recorder_samples_lost, 20 * 360);
  answer();
  await stuck;
  recorder.received(ramp(seconds * 360, 360), HOUR_START_MS + seconds * 1000);
  await recorder.flush();
  const record = readRecord(join(folder, recordings(folder)[0]!));
  assert.equal(record.sampleCount, (seconds + 1) * 360);
  assert.ok(record.leads[0]!.subarray(MAX_PENDING_S * 360, seconds * 360).every(Number.isNaN));
});

test('the folder taken away: said once, and recording begins again in a new one', async (t) => {
  const { recorder, folder, lines } = await started(t);
  recorder.stream(describeStream());
  recorder.received(ramp(0, 360), HOUR_START_MS);
  await recorder.flush();
  rmSync(folder, { recursive: true });
  recorder.received(ramp(360, 360), HOUR_START_MS + 1000);
  await recorder.flush();
  assert.match(recorder.status().state, /^failed: /);
  recorder.received(ramp(720, 360), HOUR_START_MS + 2000);
  await recorder.flush();
  assert.equal(recorder.status().state, 'recording');
  assert.deepEqual(recordings(folder), ['20261122_150002']);
  assert.equal(lines.filter((line) => /tried again/.test(line)).length, 1);
});

test('a line of the alert log that a crash cut off does not swallow the next', async (t) => {
  const { folder } = makeRecorder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'alerts_20261122.jsonl'), '{"id":"cut o');
  const { recorder } = await started(t, { folder });
  recorder.alert(alert({ id: 'next', start_sample: 0 }));
  await recorder.flush();
  const lines = readFileSync(join(folder, 'alerts_20261122.jsonl'), 'utf8').trim().split('\n');
  assert.equal(JSON.parse(lines[1]!).id, 'next');
});

test('recordings that end while one is being written lose nothing', async (t) => {
  const { recorder, folder } = await started(t);
  recorder.stream(describeStream());
  recorder.received(ramp(0, 360), HOUR_START_MS);
  const writing = recorder.flush();
  for (let first = 360; first < 360 * 5; first += 360) {
    recorder.received(ramp(first, 180), HOUR_START_MS + first * 3);
    recorder.stream(describeStream());
    recorder.received(ramp(first + 180, 180), HOUR_START_MS + (first + 180) * 3);
  }
  await writing;
  await recorder.flush();
  const counts = recordings(folder).map((name) => readRecord(join(folder, name)).sampleCount);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    360 * 5,
  );
});

test('streams that end faster than the disk writes are given up, oldest first, and counted', async (t) => {
  const { recorder, folder } = await started(t);
  recorder.stream(describeStream());
  recorder.received(ramp(0, 100), HOUR_START_MS);
  const writing = recorder.flush();
  for (let i = 1; i <= 20; i++) {
    recorder.stream(describeStream());
    recorder.received(ramp(0, 100), HOUR_START_MS + i * 1000);
  }
  await writing;
  await recorder.flush();
  const kept = recordings(folder).map((name) => readRecord(join(folder, name)).sampleCount);
  const { recorder_samples_lost = 0, recorder_recordings } = recorder.counters();
  assert.equal(kept.reduce((sum, count) => sum + count, 0) + recorder_samples_lost, 2100);
  assert.ok(recorder_samples_lost > 0);
  assert.equal(recorder_recordings, 21);
});
