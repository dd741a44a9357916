import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BAND_MASK,
  BROAD_DELAY,
  FINE_DELAY,
  QRS_DELAY,
  QrsBands,
  STEP_OFFSET_SAMPLES,
  STEP_SAMPLES,
} from '@rhythmd/ecg/signal/qrs/bands.ts';
import fc from 'fast-check';

const LENGTH = 2400;

function bandsOf(values: Float32Array, chunks: readonly number[] = [LENGTH]): QrsBands {
  const bands = new QrsBands();
  for (let at = 0, k = 0; at < values.length; k++) {
    const to = Math.min(values.length, at + chunks[k % chunks.length]!);
    bands.push(values, at, to);
    at = to;
  }
  return bands;
}

const wave = (centre: number, width: number, height: number): Float32Array =>
  new Float32Array(LENGTH).map((_, i) => height * Math.exp(-(((i - centre) / width) ** 2)));

test('a constant, however large, is silence in every band', () => {
  const bands = bandsOf(new Float32Array(LENGTH).fill(500));
  for (let n = 0; n < bands.steps - BROAD_DELAY; n++) {
    for (const band of [bands.fine, bands.qrs, bands.broad]) assert.ok(Math.abs(band[n & BAND_MASK]!) < 1e-9);
  }
});

test('lost samples are held', () => {
  const held = wave(1200, 8, 1);
  const lost = held.slice();
  for (const i of [1190, 1191, 1200]) {
    lost[i] = Number.NaN;
    held[i] = held[i - 1]!;
  }
  assert.deepEqual(bandsOf(lost).qrs, bandsOf(held).qrs);
});

test('the hump of the qrs band is at the wave', () => {
  const bands = bandsOf(wave(1200, 8, 1));
  let best = 0;
  for (let n = 0; n < bands.steps - QRS_DELAY; n++) if (bands.qrs[n]! > bands.qrs[best]!) best = n;
  assert.ok(Math.abs(STEP_SAMPLES * best - STEP_OFFSET_SAMPLES - 1200) <= STEP_SAMPLES);
});

test('narrow waves are finer than wide ones', () => {
  const contrast = (width: number): number => {
    const bands = bandsOf(wave(1200, width, 1));
    return Math.max(...bands.fine) / Math.max(...bands.broad);
  };
  assert.ok(contrast(3) > contrast(8));
  assert.ok(contrast(8) > 2 * contrast(40));
});

test('60 Hz does not get through', () => {
  const hum = new Float32Array(LENGTH).map((_, i) => Math.sin((2 * Math.PI * 60 * i) / 360));
  const bands = bandsOf(hum);
  for (let n = 100; n < bands.steps - BROAD_DELAY; n++) {
    assert.ok(bands.fine[n & BAND_MASK]! < 1e-6);
    assert.ok(bands.qrs[n & BAND_MASK]! < 1e-6);
  }
});

test('property: the same in any chunks, and twice as high at twice the gain', () => {
  const values = fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 30, maxLength: 600 });
  const chunks = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(values, chunks, (list, lengths) => {
      const signal = Float32Array.from(list);
      const whole = bandsOf(signal);
      const parts = bandsOf(signal, lengths);
      const doubled = bandsOf(signal.map((value) => 2 * value));
      assert.deepEqual(parts.qrs, whole.qrs);
      assert.deepEqual(parts.shape, whole.shape);
      for (let n = 0; n < whole.steps - FINE_DELAY; n++) {
        assert.ok(Math.abs(doubled.fine[n]! - 2 * whole.fine[n]!) < 1e-5);
      }
    }),
  );
});
