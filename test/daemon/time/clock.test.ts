import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SampleClock } from '@rhythmd/daemon/time/clock.ts';

/** Reproducible jitter in [0, 1). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function play(
  clock: SampleClock,
  seconds: number,
  actualRateHz: number,
  originMs = 1_000_000,
  jitterMs = 16,
) {
  const next = random(7);
  for (let sample = 36; sample <= seconds * 360; sample += 36) {
    clock.observe(sample, originMs + (1000 * sample) / actualRateHz + jitterMs * next());
  }
}

test('knows nothing before the first arrival', () => {
  const clock = new SampleClock(360);
  assert.equal(clock.timeOf(0), null);
  assert.equal(clock.sampleAt(0), null);
  assert.equal(clock.driftPpm, null);
  assert.equal(clock.measuredRateHz, null);
});

test('finds offset and drift through the bursts of a USB adapter', () => {
  for (const ppm of [-300, 0, 150]) {
    const clock = new SampleClock(360);
    play(clock, 300, 360 * (1 + ppm / 1e6));
    assert.ok(Math.abs(clock.driftPpm! - ppm) < 20, `${ppm}: ${clock.driftPpm}`);
    const expected = 1_000_000 + (1000 * 100_000) / (360 * (1 + ppm / 1e6));
    assert.ok(Math.abs(clock.timeOf(100_000)! - expected) < 5, `${clock.timeOf(100_000)! - expected} ms`);
    assert.ok(Math.abs(clock.sampleAt(clock.timeOf(5000)!)! - 5000) <= 1);
  }
});

test('a replay at twenty times the speed has a rate but no drift', () => {
  const clock = new SampleClock(360);
  play(clock, 120, 7200, 0, 1);
  assert.equal(clock.driftPpm, null);
  assert.ok(Math.abs(clock.measuredRateHz! - 7200) < 20);
  assert.ok(Math.abs(clock.timeOf(120 * 360)! - 6000) < 5);
});

test('a clock that was set starts the fit again instead of bending it', () => {
  const clock = new SampleClock(360);
  play(clock, 60, 360, 0);
  clock.observe(61 * 360, 3_600_000);
  assert.equal(clock.driftPpm, null);
  assert.ok(Math.abs(clock.timeOf(61 * 360)! - 3_600_000) < 1);
});
