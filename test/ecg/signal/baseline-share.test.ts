import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BaselineShare } from '@rhythmd/ecg/signal/baseline-share.ts';

/** The share after `seconds` of a signal at 360 Hz, in blocks of 100 ms. */
function shareOf(seconds: number, valueAt: (second: number) => number): number {
  const share = new BaselineShare();
  for (let block = 0; block < 10 * seconds; block += 1) {
    const values = Float32Array.from({ length: 36 }, (_, i) => valueAt((36 * block + i) / 360));
    share.pushBlock(values, 36);
  }
  return share.share;
}

test('a flat line, lost samples and the first seconds have no baseline to speak of', () => {
  assert.equal(
    shareOf(10, () => 0),
    0,
  );
  assert.equal(
    shareOf(10, () => Number.NaN),
    0,
  );
  assert.equal(
    shareOf(3, (second) => second),
    0,
  );
});

test('beats hardly move the means, a moving electrode moves nothing else; lost samples change neither', () => {
  const beats = (second: number) => Math.exp(-((((second + 0.4) % 0.8) - 0.4) ** 2) / 0.0004);
  const motion = (second: number) => Math.sin(1.2 * second) + 0.4 * Math.sin(2.9 * second);
  assert.ok(shareOf(12, beats) < 0.05);
  assert.ok(shareOf(12, motion) > 0.5);
  const lossy = (second: number) => (Math.round(second * 360) % 7 === 0 ? Number.NaN : motion(second));
  assert.ok(Math.abs(shareOf(12, lossy) - shareOf(12, motion)) < 0.02);
});
