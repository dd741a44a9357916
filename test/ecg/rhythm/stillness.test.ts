import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stillness } from '@rhythmd/ecg/rhythm/stillness.ts';

function shareOf(waveform: (seconds: number) => number): number {
  const stillness = new Stillness(360);
  for (let i = 0; i < 3600; i += 1) stillness.push(waveform(i / 360));
  return stillness.share;
}

test('a rail, a held value and lost samples are still; a heart and its noise are not', () => {
  assert.ok(shareOf(() => 5) > 0.9);
  assert.ok(shareOf(() => Number.NaN) > 0.9);
  assert.ok(shareOf((t) => (t % 2 < 1 ? 5 : Math.sin(20 * t))) > 0.2);
  assert.ok(shareOf((t) => Math.sin(20 * t)) < 0.05);
  assert.ok(shareOf((t) => Math.round(200 * 0.1 * Math.sin(30 * t)) / 200) < 0.05, 'steps of 5 µV');
});
