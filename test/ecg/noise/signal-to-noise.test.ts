import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gainAtSnr, measureGainAt0Db } from '@rhythmd/ecg/noise/signal-to-noise.ts';

test('no beats, no noise, silent noise: no gain', () => {
  assert.equal(measureGainAt0Db(new Float32Array(1000), [], new Float32Array(1000), 100), null);
  assert.equal(measureGainAt0Db(new Float32Array(1000), [500], new Float32Array(10), 100), null);
  assert.equal(measureGainAt0Db(new Float32Array(1000), [500], new Float32Array(1000), 100), null);
});

test('a sine as high as the QRS complexes has 0 dB', () => {
  const rateHz = 1000;
  const beats = Array.from({ length: 50 }, (_, i) => 500 + i * 800);
  const signal = new Float32Array(50_000);
  for (const beat of beats) signal[beat] = 2;
  const sine = Float32Array.from({ length: 50_000 }, (_, i) => Math.sin((2 * Math.PI * 10 * i) / rateHz));
  const gain = measureGainAt0Db(signal, beats, sine, rateHz);
  assert.ok(gain !== null && Math.abs(gain - 1) < 1e-6, String(gain));
});

test('20 dB is a tenth', () => assert.ok(Math.abs(gainAtSnr(3, 20) - 0.3) < 1e-12));
