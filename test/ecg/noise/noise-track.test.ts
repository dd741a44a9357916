import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NoiseTrack } from '@rhythmd/ecg/noise/noise-track.ts';

const RATE_HZ = 10;
const schedule = { firstOnS: 3, onS: 2, offS: 1 };
const noise = Float64Array.from({ length: 200 }, (_, i) => Math.sin(i) * 5);

/** The recipe word for word, block by block. */
function bySpecification(clean: Float64Array, gain: number): Float64Array {
  const out = clean.slice();
  let hold = 0;
  for (let begin = 30; begin < clean.length; begin += 30) {
    for (let t = begin; t < Math.min(begin + 20, clean.length); t++) {
      out[t] = clean[t]! + hold + gain * (noise[t]! - noise[begin - 1]!);
    }
    hold += gain * (noise[begin + 19]! - noise[begin - 1]!);
    for (let t = begin + 20; t < Math.min(begin + 30, clean.length); t++) out[t] = clean[t]! + hold;
  }
  return out;
}

test('equals the recipe, in one piece and in any pieces', () => {
  const clean = Float64Array.from({ length: 170 }, (_, i) => Math.cos(i / 7));
  const expected = bySpecification(clean, 0.5);
  for (const size of [1, 7, 30, 170]) {
    const track = new NoiseTrack({ noise, gain: 0.5, rateHz: RATE_HZ, schedule });
    const out: number[] = [];
    for (let from = 0; from < clean.length; from += size) {
      const piece = clean.slice(from, from + size);
      track.add(piece);
      out.push(...piece);
    }
    for (const [i, value] of out.entries()) assert.ok(Math.abs(value - expected[i]!) < 1e-9, `${size}: ${i}`);
  }
});

test('before the first block nothing is changed, and noise that ends starts again', () => {
  const track = new NoiseTrack({ noise: [1, -1], gain: 1, rateHz: RATE_HZ, schedule });
  const signal = new Float32Array(100);
  track.add(signal);
  assert.ok(signal.subarray(0, 30).every((value) => value === 0));
  assert.ok(signal.subarray(30).some((value) => value !== 0));
  assert.ok(signal.every(Number.isFinite));
});

test('only `count` samples are touched', () => {
  const signal = new Float32Array(50);
  const track = new NoiseTrack({ noise, gain: 1, rateHz: RATE_HZ, schedule: { ...schedule, firstOnS: 0 } });
  track.add(signal, 10);
  assert.ok(signal.subarray(10).every((value) => value === 0));
});
