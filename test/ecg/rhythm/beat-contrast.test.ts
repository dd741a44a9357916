import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BeatContrast } from '@rhythmd/ecg/rhythm/beat-contrast.ts';

const RATE_HZ = 360;

/** Ten seconds of a waveform, with peaks at the times given. */
function seen(waveform: (seconds: number) => number, beatsS: readonly number[], doubt = 0): boolean {
  const contrast = new BeatContrast(RATE_HZ);
  const lead = Float32Array.from({ length: 10 * RATE_HZ }, (_, i) => waveform(i / RATE_HZ));
  contrast.pushSamples(lead, lead.length, 0);
  for (const at of beatsS) contrast.peak(Math.round(at * RATE_HZ), doubt);
  return contrast.standsOut(lead.length);
}

const beatsS = [0.5, 1.1, 2, 2.7, 3.6, 4.1, 5, 5.6, 6.5, 7.1, 8.1, 8.8, 9.5];
const qrs = (seconds: number) =>
  beatsS.reduce((sum, at) => sum + Math.exp(-(((seconds - at) / 0.015) ** 2)), 0);
const flutter = (seconds: number) => Math.sin(2 * Math.PI * 4.5 * seconds);

test('irregular beats stand out of atrial flutter, of hum and of wander', () => {
  assert.ok(seen(qrs, beatsS));
  assert.ok(seen((t) => qrs(t) + 0.15 * flutter(t), beatsS));
  assert.ok(seen((t) => qrs(t) + 0.04 * Math.sin(100 * Math.PI * t), beatsS));
  assert.ok(seen((t) => qrs(t) + Math.sin(2 * t), beatsS));
});

test('nothing stands out of a fibrillating ventricle, whatever a detector finds there', () => {
  assert.ok(!seen(flutter, [5, 5.5, 6, 6.5, 7, 7.5, 8, 8.5, 9, 9.5]));
  assert.ok(!seen(flutter, []));
});

test('doubtful beats, and few of them, count for nothing', () => {
  assert.ok(!seen(qrs, beatsS, 0.3));
  assert.ok(!seen(qrs, beatsS.slice(0, 9)), 'the last one is three seconds back');
  assert.ok(!seen((t) => (t > 5 && t < 8 ? flutter(t) : qrs(t)), beatsS), 'fibrillation has begun');
});

test('lost samples are no slope, and a restart forgets', () => {
  assert.ok(seen((t) => (Math.abs(t - 6) < 0.1 ? Number.NaN : qrs(t)), beatsS));
  const contrast = new BeatContrast(RATE_HZ);
  const lead = Float32Array.from({ length: 10 * RATE_HZ }, (_, i) => qrs(i / RATE_HZ));
  contrast.pushSamples(lead, lead.length, 0);
  for (const at of beatsS) contrast.peak(Math.round(at * RATE_HZ), 0);
  contrast.restart();
  assert.ok(!contrast.standsOut(lead.length));
});
