import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DisplayFilter } from '@rhythmd/monitor/signal/display-filter.ts';

const RATE_HZ = 360;

function sine(hz: number, seconds: number, offset = 0): Float32Array {
  return Float32Array.from(
    { length: seconds * RATE_HZ },
    (_, i) => offset + Math.sin((2 * Math.PI * hz * i) / RATE_HZ),
  );
}

/** Ratio of effective values over the last second. */
function gain(filter: DisplayFilter, hz: number): number {
  const output = sine(hz, 12);
  filter.process(output, output);
  const squares = output.subarray(-RATE_HZ).reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt((2 * squares) / RATE_HZ);
}

test('off changes nothing', () => {
  const input = sine(7, 1, 300);
  const output = new Float32Array(input.length);
  new DisplayFilter('off', 'none', RATE_HZ).process(input, output);
  assert.deepEqual(output, input);
});

test('the monitor band is flat from 1 Hz and 3 dB down at 40 Hz', () => {
  for (const [hz, expected] of [
    [1, 0.97],
    [40, Math.SQRT1_2],
    [10, 1],
  ] as const) {
    assert.ok(
      Math.abs(gain(new DisplayFilter('monitor', 'none', RATE_HZ), hz) - expected) < 0.02,
      `${hz} Hz`,
    );
  }
});

test('the notch takes mains and leaves 10 Hz', () => {
  assert.ok(gain(new DisplayFilter('off', '50', RATE_HZ), 50) < 0.02);
  assert.ok(gain(new DisplayFilter('off', '60', RATE_HZ), 60) < 0.02);
  assert.ok(gain(new DisplayFilter('off', '50', RATE_HZ), 10) > 0.98);
});

test('an electrode offset of 300 mV is gone at once, also after a gap', () => {
  const filter = new DisplayFilter('monitor', 'none', RATE_HZ);
  const input = Float32Array.of(300, 300, 300, NaN, NaN, -200, -200);
  const output = new Float32Array(input.length);
  filter.process(input, output);
  for (const i of [0, 1, 2, 5, 6]) assert.ok(Math.abs(output[i]!) < 1e-3, `sample ${i}: ${output[i]}`);
  assert.ok(Number.isNaN(output[3]) && Number.isNaN(output[4]));
});
