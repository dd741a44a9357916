import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RHYTHM_RATE_HZ, RHYTHM_WINDOW_SAMPLES } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { RHYTHM_IMAGE_VALUES, RhythmImageMaker } from '@rhythmd/ecg/rhythm/rhythm-image.ts';

function imageOf(wave: (seconds: number) => number): Float32Array {
  const window = Float32Array.from({ length: RHYTHM_WINDOW_SAMPLES }, (_, i) => wave(i / RHYTHM_RATE_HZ));
  const image = new Float32Array(RHYTHM_IMAGE_VALUES);
  new RhythmImageMaker().make(window, image);
  return image;
}

const sine = (hz: number) => (seconds: number) => Math.sin(2 * Math.PI * hz * seconds);

test('a dead flat line, at zero or elsewhere, is zero everywhere', () => {
  assert.ok(imageOf(() => 0).every((value) => value === 0));
  assert.ok(imageOf(() => -3.3).every((value) => Math.abs(value) < 1e-4));
});

test('a spike is bounded in the first row and small in the second', () => {
  const image = imageOf((seconds) => (seconds === 4 ? 500 : 0));
  assert.equal(Math.max(...image.subarray(0, RHYTHM_WINDOW_SAMPLES)), 6);
  assert.ok(Math.max(...image) < 12);
  assert.ok(image.every(Number.isFinite));
});

test('the first row does not know the gain, the second does', () => {
  const small = imageOf((seconds) => 0.1 * sine(5)(seconds));
  const large = imageOf((seconds) => 10 * sine(5)(seconds));
  const peak = (image: Float32Array, row: number): number =>
    Math.max(...image.subarray(row * RHYTHM_WINDOW_SAMPLES, (row + 1) * RHYTHM_WINDOW_SAMPLES));
  assert.ok(Math.abs(peak(small, 0) - peak(large, 0)) < 0.05);
  assert.ok(Math.abs(peak(small, 1) - Math.asinh(5)) < 0.05);
  assert.ok(Math.abs(peak(large, 1) - Math.asinh(500)) < 0.05);
});

test('slow baseline goes, the wave of a slow heart stays', () => {
  const spread = (hz: number): number => {
    const image = imageOf(sine(hz));
    return Math.max(...image.subarray(RHYTHM_WINDOW_SAMPLES + 200, RHYTHM_WINDOW_SAMPLES + 520));
  };
  const mv = (arsinh: number): number => Math.sinh(arsinh) * 0.02;
  assert.ok(mv(spread(0.15)) < 0.15);
  assert.ok(mv(spread(1)) > 0.9);
});

test('turned upside down, the image is too', () => {
  const upright = imageOf((seconds) => sine(3)(seconds) ** 3);
  const turned = imageOf((seconds) => -(sine(3)(seconds) ** 3));
  for (const [i, value] of upright.entries()) assert.ok(Math.abs(value + turned[i]!) < 1e-6);
});
