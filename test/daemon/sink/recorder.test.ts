import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { MAX_PENDING_S } from '@rhythmd/daemon/sink/recorder/segment.ts';
import { timelineOf } from '@rhythmd/ecg/ec57/timeline.ts';
import { mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { startOf } from '@rhythmd/ecg/wfdb/record-time.ts';
import { LOST_SAMPLE } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import type { AlertEvent, BeatEvent } from '@rhythmd/protocol/events.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { describeStream, HOUR_START_MS, makeRecorder, ramp } from '../../support/recording.ts';
import { until } from '../../support/until.ts';

const beat = (sample: number, code = 'N') => ({ sample, code }) as BeatEvent;
const alert = (over: Partial<AlertEvent>) =>
  ({
    id: 'a1',
    kind: 'atrial_fibrillation',
    phase: 'start',
    t_ms: HOUR_START_MS,
    evidence: {},
    ...over,
  }) as AlertEvent;
const recordings = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.hea'))
    .map((name) => name.slice(0, -4))
    .sort();
const marks = (folder: string, name: string) =>
  readAnnotations(join(folder, name), 'atr').map(
    ({ sample, code, aux }) => `${sample} ${mnemonicOf(code)}${aux === null ? '' : ` ${aux}`}`,
  );
const started = async (t: TestContext, over: Parameters<typeof makeRecorder>[0] = {}) => {
  const made = makeRecorder(over);
  await made.recorder.start();
  t.after(async () => {
    await made.recorder.stop();
    rmSync(made.folder, { recursive: true, force: true });
  });
  return made;
};

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

test('what it writes is for nobody else', async (t) => {
  const { folder } = makeRecorder();
  chmodSync(folder, 0o755);
  const { recorder } = await started(t, { folder });
  recorder.stream(describeStream());
  recorder.received(ramp(0, 360), HOUR_START_MS);
  recorder.alert(alert({ start_sample: 0 }));
  await recorder.flush();
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  const modes = readdirSync(folder).map(
    (name) => `${name} ${(statSync(join(folder, name)).mode & 0o777).toString(8)}`,
  );
  assert.equal(modes.length, 4);
  for (const mode of modes) assert.match(mode, / 600$/);
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

test('signals are written as the board counted them, with scale, time and checksum', async (t) => {
  const { recorder, folder } = await started(t);
  recorder.stream(describeStream());
  recorder.received(ramp(0, 1000), HOUR_START_MS + 1500);
  await recorder.flush();
  recorder.received(ramp(1000, 500), HOUR_START_MS + 4278);
  await recorder.flush();
  const [name] = recordings(folder);
  assert.equal(name, '20261122_150002');
  const record = readRecord(join(folder, name!), [], assert.fail); // compares the checksums
  assert.equal(record.sampleCount, 1500);
  assert.deepEqual(record.leadNames, ['MLII', 'V1']);
  assert.deepEqual([...record.adc[0]!.subarray(0, 3)], [-500, -499, -498]);
  assert.deepEqual([...record.adc[1]!.subarray(0, 3)], [500, 499, 498]);
  assert.deepEqual([record.header.baseTime, record.header.baseDate], ['15:00:01', '22/11/2026']);
  assert.equal(startOf(record.header), HOUR_START_MS + 1500);
  assert.equal(record.header.signals[0]?.gain, 200);
});

test('scales: finer than 1 uV is rounded, none is said to be a guess, beyond 16 bits is clipped and counted', async (t) => {
  const { recorder, folder } = await started(t);
  recorder.stream(describeStream({ microvoltsPerCount: [0.05, null] }));
  recorder.received(
    ramp(0, 3, { leads: [Float32Array.of(0.0014, 99, Number.NaN), Float32Array.of(1, 2, 3)] }),
    HOUR_START_MS,
  );
  await recorder.flush();
  const record = readRecord(join(folder, recordings(folder)[0]!));
  assert.deepEqual([...record.adc[0]!], [1, 32767, LOST_SAMPLE]);
  assert.ok(Number.isNaN(record.leads[0]![2]));
  assert.equal(record.leads[1]![1], 2);
  assert.match(record.header.comments.join('\n'), /MLII: rounded to 1 uV; the board counts 0\.05 uV/);
  assert.match(record.header.comments.join('\n'), /V1: the board declares no scale/);
  assert.equal(recorder.counters().recorder_samples_clipped, 1);
});

test('beats, marks, quality and rhythm, on the source’s time base, in time order however late they are told', async (t) => {
  const { recorder, folder } = await started(t);
  recorder.stream(describeStream({ rateHz: 250 }));
  for (let first = 0; first < 5000; first += 50)
    recorder.received(ramp(first, 50, { rateHz: 250 }), HOUR_START_MS + first * 4);
  recorder.quality({ lead: 0, sample: 0, quality: 'good' });
  recorder.quality({ lead: 1, sample: 0, quality: 'good' });
  recorder.beat(beat(360));
  recorder.beat(beat(720, 'V'));
  await recorder.flush();
  recorder.beat(beat(3600));
  await recorder.flush();
  // Known only now: they belong before what is on disk already.
  recorder.quality({ lead: 1, sample: 1800, quality: 'noisy' });
  recorder.quality({ lead: 0, sample: 2160, quality: 'off' });
  recorder.alert(alert({ start_sample: 720 }));
  await recorder.flush();
  recorder.quality({ lead: 0, sample: 2880, quality: 'good' });
  recorder.alert(alert({ phase: 'end', sample: 3600, evidence: { until_sample: 2880 } }));
  recorder.mark({ v: 1, sample: 3600, t_ms: 0, text: 'felt dizzy →' });
  await recorder.flush();
  const [name] = recordings(folder);
  // The file was replaced a moment ago, and is not again within five minutes: an SD card is worn by that.
  assert.ok(!marks(folder, name!).includes('2000 + (N'));
  await recorder.stop();
  assert.deepEqual(marks(folder, name!), [
    '0 ~ MLII settling, V1 settling',
    '0 + (N',
    '0 ~ V1 settling',
    '0 ~ good',
    '250 N',
    '500 V',
    '500 + (AFIB',
    '1250 ~ V1 noisy',
    '1500 ~ MLII off, V1 noisy',
    '2000 ~ V1 noisy',
    '2000 + (N',
    '2500 N',
    '2500 " felt dizzy ?',
  ]);
  const { shutdowns } = timelineOf(readAnnotations(join(folder, name!), 'atr'));
  assert.deepEqual(shutdowns, [
    { start: 0, end: 0 },
    { start: 1500, end: 2000 },
  ]);
});

test('cut at the full hour; a late beat goes into the hour it belongs to', async (t) => {
  const { recorder, folder } = await started(t);
  recorder.stream(describeStream());
  recorder.received(ramp(0, 3600), HOUR_START_MS + 3_600_000 - 4000);
  recorder.beat(beat(1000));
  recorder.beat(beat(2000));
  await recorder.flush();
  recorder.alert(alert({ start_sample: 3000 }));
  recorder.beat(beat(1300, 'V'));
  await recorder.flush();
  // The rhythm waits for beats before it; none comes.
  await recorder.flush();
  assert.deepEqual(recordings(folder), ['20261122_155956', '20261122_160000']);
  const [before, after] = recordings(folder).map((name) => readRecord(join(folder, name)));
  assert.equal(before?.sampleCount, 4 * 360);
  assert.equal(after?.sampleCount, 3600 - 4 * 360);
  assert.equal(before?.adc[0]?.at(-1), 1439 - 1000 - 500);
  assert.equal(after?.adc[0]?.[0], 1440 - 1000 - 500);
  const start = ['0 ~ MLII settling, V1 settling', '0 + (N'];
  assert.deepEqual(marks(folder, '20261122_155956'), [...start, '1000 N', '1300 V']);
  assert.deepEqual(marks(folder, '20261122_160000'), [...start, '560 N', '1560 + (AFIB']);
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

test('a recording that starts in a rhythm says so', async (t) => {
  const { recorder, folder } = await started(t);
  recorder.stream(describeStream());
  recorder.received(ramp(0, 360), HOUR_START_MS + 3_600_000 - 2000);
  recorder.alert(alert({ start_sample: 100 }));
  recorder.received(ramp(360, 720), HOUR_START_MS + 3_600_000 - 1000);
  await recorder.flush();
  assert.deepEqual(marks(folder, '20261122_160000')[1], '0 + (AFIB');
});

test('a short gap keeps its time and is marked; a long one, or a step back, begins a new recording', async (t) => {
  const { recorder, folder } = await started(t);
  recorder.stream(describeStream());
  recorder.received(ramp(0, 360), HOUR_START_MS);
  recorder.quality({ lead: 0, sample: 10, quality: 'good' });
  recorder.quality({ lead: 1, sample: 10, quality: 'good' });
  recorder.received(ramp(400, 60, { lost: 40 }), HOUR_START_MS + 1111);
  recorder.received(ramp(20_000, 360, { lost: 19_540 }), HOUR_START_MS + 55_555);
  recorder.received(ramp(100, 360), HOUR_START_MS + 70_000);
  await recorder.flush();
  assert.equal(recordings(folder).length, 3);
  const [first] = recordings(folder);
  const record = readRecord(join(folder, first!));
  assert.equal(record.sampleCount, 460);
  assert.ok(record.leads[0]!.subarray(360, 400).every(Number.isNaN));
  assert.equal(record.adc[0]?.[400], -100);
  assert.deepEqual(marks(folder, first!).slice(-3), [
    '360 " gap of 40 samples',
    '360 ~ MLII stalled, V1 stalled',
    '400 ~ good',
  ]);
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

test('two recordings of one second have two names, and nothing is overwritten', async (t) => {
  const { recorder, folder } = await started(t);
  for (const first of [0, 1]) {
    recorder.stream(describeStream());
    recorder.received(ramp(first, 10), HOUR_START_MS);
    await recorder.flush();
  }
  assert.deepEqual(recordings(folder), ['20261122_150000', '20261122_150000_2']);
});

test('without samples there are no files, and what belongs nowhere is counted', async (t) => {
  const { recorder, folder } = await started(t);
  recorder.beat(beat(5));
  recorder.stream(describeStream());
  recorder.beat(beat(5));
  await recorder.flush();
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(recorder.counters().recorder_annotations_stray, 2);
  assert.deepEqual(recorder.status(), { state: 'waiting', bytes_per_day: null });
});

test('bytes a day', async (t) => {
  let nowMs = HOUR_START_MS;
  const { recorder } = await started(t, { monotonicMs: () => nowMs });
  recorder.stream(describeStream());
  recorder.received(ramp(0, 360), HOUR_START_MS);
  await recorder.flush();
  assert.equal(recorder.status().bytes_per_day, null);
  nowMs += 864_000;
  assert.equal(recorder.status().bytes_per_day, recorder.counters().recorder_bytes! * 100);
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
