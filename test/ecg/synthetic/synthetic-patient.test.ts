import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeSyntheticRecord, SyntheticPatient } from '@rhythmd/ecg/synthetic/synthetic-patient.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';

const options = { seed: 7, rateHz: 360 };

test('the same seed gives the same signal, another seed another', () => {
  const [one, two] = [makeSyntheticRecord(options, 10), makeSyntheticRecord(options, 10)];
  assert.deepEqual(one, two);
  assert.notDeepEqual(makeSyntheticRecord({ ...options, seed: 8 }, 10).annotations, one.annotations);
});

test('read in pieces, or one lead only, the signal is the same', () => {
  const whole = makeSyntheticRecord(options, 10);
  const patient = new SyntheticPatient(options);
  const piece = [new Float32Array(123)];
  const joined: number[] = [];
  while (joined.length < 3600) {
    patient.read(piece, 123);
    joined.push(...piece[0]!);
  }
  assert.deepEqual(joined.slice(0, 3600), [...whole.leads[0]!]);
});

test('the R peak is where the annotation says, at any rate', () => {
  for (const rateHz of [100, 125, 250, 360, 500, 1000]) {
    const { leads, annotations } = makeSyntheticRecord({ seed: 3, rateHz }, 60);
    const lead = leads[0]!;
    const reach = Math.round(0.08 * rateHz);
    for (const { sample } of annotations) {
      if (sample < reach || sample + reach >= lead.length) continue;
      let highest = sample - reach;
      for (let i = sample - reach; i <= sample + reach; i++) if (lead[i]! > lead[highest]!) highest = i;
      const offMs = (Math.abs(highest - sample) / rateHz) * 1000;
      assert.ok(offMs <= Math.max(8, 1000 / rateHz), `${rateHz} Hz: beat at ${sample} is ${offMs} ms off`);
      assert.ok(lead[highest]! > 0.9 && lead[highest]! < 2.2, `${rateHz} Hz: height ${lead[highest]}`);
    }
  }
});

test('heart rate, its variation and the share of ventricular beats are those asked for', () => {
  const { annotations } = makeSyntheticRecord(
    { ...options, heartRateBpm: 80, ventricularPerMinute: 8, runProbability: 0 },
    600,
  );
  const perMinute = annotations.length / 10;
  assert.ok(Math.abs(perMinute - 80) < 2, `${perMinute} beats a minute`);
  const ventricular = annotations.filter(({ code }) => code === AnnotationCode.ventricularPremature).length;
  assert.ok(Math.abs(ventricular / 10 - 8) < 2.5, `${ventricular / 10} ventricular beats a minute`);
  const none = makeSyntheticRecord({ ...options, ventricularPerMinute: 0 }, 60).annotations;
  assert.ok(none.every(({ code }) => code === AnnotationCode.normal));
});

test('a ventricular beat is premature, and a compensatory pause follows', () => {
  const { annotations } = makeSyntheticRecord({ ...options, runProbability: 0 }, 300);
  let seen = 0;
  for (const [i, beat] of annotations.entries()) {
    const [before, previous, next] = [annotations[i - 2], annotations[i - 1], annotations[i + 1]];
    if (beat.code !== AnnotationCode.ventricularPremature || !before || !previous || !next) continue;
    if (before.code !== AnnotationCode.normal) continue;
    const sinus = previous.sample - before.sample;
    if (annotations[i - 3]?.code !== AnnotationCode.normal) continue;
    assert.ok((beat.sample - previous.sample) / sinus < 0.75);
    assert.ok((next.sample - beat.sample) / sinus > 1.2);
    seen++;
  }
  assert.ok(seen > 5, `${seen} seen`);
});

test('runs of ventricular beats happen when asked for', () => {
  const { annotations } = makeSyntheticRecord({ ...options, runProbability: 0.6 }, 300);
  const letters = annotations.map(({ code }) => (code === AnnotationCode.normal ? 'N' : 'V')).join('');
  assert.match(letters, /VVV/);
});

test('the signal stays finite and within a few millivolts, however fast the heart', () => {
  for (const heartRateBpm of [30, 72, 180]) {
    const { leads } = makeSyntheticRecord({ ...options, heartRateBpm }, 120);
    for (const lead of leads) assert.ok(lead.every((value) => Math.abs(value) < 4));
  }
});
