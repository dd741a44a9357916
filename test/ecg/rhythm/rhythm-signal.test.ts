import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RHYTHM_WINDOW_SAMPLES } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { RhythmSignal } from '@rhythmd/ecg/rhythm/rhythm-signal.ts';
import { Resampler } from '@rhythmd/ecg/signal/resampler.ts';

interface Seen {
  readonly sample: number;
  readonly window: Float32Array;
  readonly received: number;
}

/** A 5 Hz sine of 1 mV with what `change` makes of it, in blocks of 100. */
function windowsOf(seconds: number, change: (value: number, i: number) => number): Seen[] {
  const seen: Seen[] = [];
  const signal = new RhythmSignal();
  const block = new Float32Array(100);
  for (let first = 0; first < seconds * 360; first += 100) {
    for (let i = 0; i < 100; i++) {
      block[i] = change(Math.sin((2 * Math.PI * 5 * (first + i)) / 360), first + i);
    }
    signal.push(block, 100, first, (sample, window, received) =>
      seen.push({ sample, window: window.slice(), received }),
    );
  }
  return seen;
}

const asItIs = (value: number): number => value;

test('what is no number is held, counted, and gone after a window', () => {
  const clean = windowsOf(30, asItIs);
  const hurt = windowsOf(30, (value, i) => (i >= 3600 && i < 3960 ? Number.NaN : value));
  assert.ok(hurt.every(({ window }) => window.every(Number.isFinite)));
  assert.ok(Math.abs(hurt.find(({ sample }) => sample === 4320)!.received - 7 / 8) < 0.01);
  assert.deepEqual(hurt.at(-1), clean.at(-1));
});

test('a stream that begins with senseless samples says nothing until half a window is known', () => {
  const seen = windowsOf(12, (value, i) => (i < 720 ? Number.NaN : value));
  assert.equal(seen[0]!.sample, 720 + 4 * 360);
  assert.ok(seen.every(({ window }) => window.every(Number.isFinite)));
});

test('a short loss is held, a long one begins anew', () => {
  const signal = new RhythmSignal();
  const seen: Seen[] = [];
  const keep = (sample: number, window: Float32Array, received: number): void => {
    seen.push({ sample, window: window.slice(), received });
  };
  const second = new Float32Array(360).fill(1);
  for (let i = 0; i < 10; i++) signal.push(second, 360, i * 360, keep);
  signal.push(second, 360, 12 * 360, keep);
  assert.deepEqual(
    seen.slice(-6).map(({ sample, received }) => [sample / 360, received]),
    [
      [10.5, 15 / 16],
      [11, 14 / 16],
      [11.5, 13 / 16],
      [12, 12 / 16],
      [12.5, 12 / 16],
      [13, 12 / 16],
    ],
  );
  const before = seen.length;
  signal.push(second, 360, 1e9 - (1e9 % 360), keep);
  assert.equal(seen.length, before);
});

test('the same waveform at another rate gives the same window', () => {
  const wave = (seconds: number): number =>
    Math.sin(2 * Math.PI * 3 * seconds) + 0.5 * Math.sin(2 * Math.PI * 11 * seconds);
  const at = (rateHz: number): Seen => {
    const seen: Seen[] = [];
    const signal = new RhythmSignal();
    const resampler = new Resampler({ inputRateHz: rateHz, outputRateHz: 360, leads: 1 });
    const lead = Float32Array.from({ length: 20 * rateHz }, (_, i) => wave(i / rateHz));
    resampler.push({ first: 0, rateHz, leads: [lead], count: lead.length, flags: 0, lost: 0 }, (samples) =>
      signal.push(samples.leads[0]!, samples.count, samples.first, (sample, window, received) =>
        seen.push({ sample, window: window.slice(), received }),
      ),
    );
    return seen.find(({ sample }) => sample === 18 * 360)!;
  };
  const reference = at(360);
  for (const rateHz of [100, 128, 250, 500]) {
    const other = at(rateHz);
    for (let i = 0; i < RHYTHM_WINDOW_SAMPLES; i++) {
      assert.ok(Math.abs(other.window[i]! - reference.window[i]!) < 0.03, `${rateHz} Hz, ${i}`);
    }
  }
});

test('hum of 50 and 60 Hz is hardly seen, 5 Hz hardly changed', () => {
  const peakOf = (hz: number): number => {
    const wave = (i: number): number => Math.sin((2 * Math.PI * hz * i) / 360);
    return Math.max(...windowsOf(10, (_, i) => wave(i)).at(-1)!.window);
  };
  assert.ok(peakOf(50) < 0.02);
  assert.ok(peakOf(60) < 0.01);
  assert.ok(peakOf(5) > 0.95);
});
