import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QrsDetector } from '@rhythmd/ecg/signal/qrs/detector.ts';
import type { Peak, Samples } from '@rhythmd/ecg/types.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { needsRecord } from '../../../support/needs.ts';

/** Beats 0.8 s apart from 0.5 s on: P, QRS and T as Gaussians, heights in millivolts times `gain`. */
function ecg(seconds: number, rateHz: number, gain = 1): Float32Array {
  const wave = (t: number, centre: number, width: number, height: number): number =>
    height * Math.exp(-(((t - centre) / width) ** 2));
  return new Float32Array(seconds * rateHz).map((_, i) => {
    const t = (i / rateHz + 0.3) % 0.8;
    return (
      gain *
      (wave(t, 0.62, 0.03, 0.1) +
        wave(t, 0.765, 0.01, -0.15) +
        wave(t, 0.79, 0.011, 1) +
        wave(t, 0.815, 0.01, -0.2) +
        wave(t, 0.28, 0.06, 0.25))
    );
  });
}

const R_SECONDS = 0.49;

function detect(leads: readonly Float32Array[], rateHz: number, chunk = 97): Peak[] {
  const detector = new QrsDetector({ rateHz, leads: leads.length });
  const peaks: Peak[] = [];
  const length = leads[0]!.length;
  for (let first = 0; first < length; first += chunk) {
    const count = Math.min(chunk, length - first);
    const samples: Samples = {
      first,
      rateHz,
      leads: leads.map((lead) => lead.subarray(first, first + count)),
      count,
      flags: 0,
      lost: 0,
    };
    detector.push(samples, (peak) => peaks.push({ ...peak }));
  }
  detector.flush((peak) => peaks.push({ ...peak }));
  return peaks;
}

test('nothing in, nothing out; a flat line has no beats', () => {
  assert.deepEqual(detect([new Float32Array(0)], 360), []);
  assert.deepEqual(detect([new Float32Array(3600)], 360), []);
});

test('the same beats at every rate, within one envelope sample', () => {
  for (const rateHz of [100, 128, 250, 360, 500, 1000]) {
    const peaks = detect([ecg(20, rateHz)], rateHz);
    assert.equal(peaks.length, 25, `${rateHz} Hz: ${peaks.length} beats`);
    peaks.forEach((peak, i) => {
      const expected = Math.round((R_SECONDS + 0.8 * i) * 360);
      assert.ok(Math.abs(peak.sample - expected) <= 3, `${rateHz} Hz: ${peak.sample} for ${expected}`);
    });
  }
});

test('the same beats at every gain and in every chunk size', () => {
  const expected = detect([ecg(20, 360)], 360).map((peak) => peak.sample);
  for (const gain of [0.02, 0.3, 5, -1]) {
    assert.deepEqual(
      detect([ecg(20, 360, gain)], 360).map((peak) => peak.sample),
      expected,
    );
  }
  for (const chunk of [1, 2, 3, 360, 7200]) {
    assert.deepEqual(
      detect([ecg(20, 360)], 360, chunk).map((peak) => peak.sample),
      expected,
    );
  }
});

test('a peak says how high it is and is known within 400 ms, but for those the first levels wait for', () => {
  const peaks = detect([ecg(20, 360)], 360);
  for (const { sample, amplitudeMv, knownAt } of peaks) {
    assert.ok(amplitudeMv > 0.7 && amplitudeMv < 1.1, `${amplitudeMv} mV`);
    assert.ok(knownAt > sample);
    if (sample > 4 * 360) assert.ok(knownAt - sample < 0.4 * 360, `${knownAt - sample} samples`);
  }
});

test('what follows does not change what is known: every prefix gives the same peaks', () => {
  const signal = ecg(20, 360);
  const all = detect([signal], 360);
  for (const end of [5 * 360, 3333, 4000, 6500]) {
    const known = (peaks: Peak[]): Peak[] => peaks.filter(({ knownAt }) => knownAt < end - 1);
    assert.deepEqual(known(detect([signal.subarray(0, end)], 360)), known(all));
  }
});

test('lost samples are held, and a silent or missing lead does not hide the beats of another', () => {
  const signal = ecg(30, 360);
  const expected = detect([signal], 360).length;
  const holed = signal.slice();
  for (let i = 50; i < holed.length; i += 400) holed.fill(Number.NaN, i, i + 3);
  assert.equal(detect([holed], 360).length, expected);
  const silent = new Float32Array(signal.length);
  const lost = new Float32Array(signal.length).fill(Number.NaN);
  const hum = signal.map((_, i) => 0.01 * Math.sin(i * 1.1));
  for (const other of [silent, lost, hum]) {
    assert.equal(detect([signal, other], 360).length, expected);
    assert.equal(detect([other, signal], 360).length, expected);
  }
});

test('intervals over a gap are true: no beat is invented in it, none is lost after it', () => {
  const signal = ecg(30, 360);
  const detector = new QrsDetector({ rateHz: 360, leads: 1 });
  const peaks: number[] = [];
  for (const [from, to] of [
    [0, 4000],
    [5200, signal.length],
  ] as const) {
    const leads = [signal.subarray(from, to)];
    const samples: Samples = { first: from, rateHz: 360, leads, count: to - from, flags: 0, lost: 0 };
    detector.push(samples, ({ sample }) => peaks.push(sample));
  }
  detector.flush(({ sample }) => peaks.push(sample));
  const isNear = (a: number) => (b: number) => Math.abs(a - b) <= 3;
  const expected = detect([signal], 360).map(({ sample }) => sample);
  const outside = expected.filter((sample) => sample < 3960 || sample > 5240);
  for (const sample of outside) assert.ok(peaks.some(isNear(sample)), `${sample} lost`);
  for (const sample of peaks) assert.ok(expected.some(isNear(sample)), `${sample} invented`);
});

test('the beats of a heart that stops are not invented from noise', () => {
  const signal = ecg(40, 360);
  let seed = 7;
  for (let i = 20 * 360; i < signal.length; i++) {
    seed = (seed * 48271) % 2147483647;
    signal[i] = 0.02 * (seed / 2147483647 - 0.5);
  }
  const invented = detect([signal], 360).filter(({ sample }) => sample > 20.5 * 360);
  assert.ok(invented.length <= 2, `${invented.length} beats`);
});

test('a lead whose beats become a fifth as high is found again within four seconds', () => {
  const signal = ecg(40, 360).map((value, i) => (i < 20 * 360 ? value : value / 5));
  const after = detect([signal], 360).filter(({ sample }) => sample > 24 * 360);
  assert.ok(after.length >= 19, `${after.length} of 20 beats`);
});

test(
  'beats that are in doubt are known in time too: record 208, where 2 % of them are',
  needsRecord('208'),
  () => {
    const { leads, rateHz } = readRecord('208');
    const peaks = detect([leads[0]!], rateHz);
    const settled = peaks.filter(({ sample }) => sample > 4 * rateHz);
    const late = settled.filter(({ sample, knownAt }) => knownAt - sample > 0.417 * rateHz);
    assert.ok(settled.length > 2900, `${settled.length} beats`);
    assert.ok(late.length <= settled.length / 200, `${late.length} of ${settled.length} are late`);
  },
);
