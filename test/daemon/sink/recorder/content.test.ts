/** What a recording holds: samples, beats, marks and alerts, in their time. */
import assert from 'node:assert/strict';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { timelineOf } from '@rhythmd/ecg/ec57/timeline.ts';
import { startOf } from '@rhythmd/ecg/wfdb/record-time.ts';
import { LOST_SAMPLE } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { describeStream, HOUR_START_MS, makeRecorder, ramp } from '../../../support/recording.ts';
import { alert, beat, marks, recordings, started } from './started.ts';

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
