import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QrsDetector } from '@rhythmd/ecg/signal/qrs-detector.ts';
import type { Peak, Samples } from '@rhythmd/ecg/types.ts';

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

test('a peak says how high it is and when it was known', () => {
  for (const peak of detect([ecg(20, 360)], 360)) {
    assert.ok(peak.amplitudeMv > 0.7 && peak.amplitudeMv < 1.1, `${peak.amplitudeMv} mV`);
    assert.ok(peak.knownAt > peak.sample);
  }
});
