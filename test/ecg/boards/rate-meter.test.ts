import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RateMeter } from '@rhythmd/ecg/boards/rate-meter.ts';

/** Feeds `seconds` of a stream in chunks of 16 ms that are up to `jitterMs` late. */
function measured(meter: RateMeter, rateHz: number, seconds: number, jitterMs: number): RateMeter {
  let seed = 1;
  for (let ms = 16; ms < seconds * 1000; ms += 16) {
    seed = (seed * 16807) % 2147483647;
    meter.push(Math.floor((ms * rateHz) / 1000), ms + (jitterMs * seed) / 2147483647);
  }
  return meter;
}

test('says nothing before it can know', () => {
  assert.equal(new RateMeter(360).rateHz, null);
  assert.equal(measured(new RateMeter(360), 360, 3, 0).rateHz, null);
  assert.equal(measured(new RateMeter(360), 360, 30, 0).driftPpm, null);
});

test('finds the rate of a board that is not what it says', () => {
  const rateHz = measured(new RateMeter(200), 171, 20, 16).rateHz ?? 0;
  assert.ok(Math.abs(rateHz - 171) < 0.2, String(rateHz));
});

test('finds a drift of 200 ppm within 30 ppm in ten minutes of 16 ms bursts', () => {
  const driftPpm = measured(new RateMeter(360), 360 * 1.0002, 600, 16).driftPpm ?? 0;
  assert.ok(Math.abs(driftPpm - 200) < 30, String(driftPpm));
});

test('forgets what is older than ten minutes', () => {
  const meter = new RateMeter(360);
  measured(meter, 360, 1000, 4);
  assert.ok(Math.abs(meter.driftPpm ?? 1e9) < 30);
});
