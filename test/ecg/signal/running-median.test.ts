import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunningMedian } from '@rhythmd/ecg/signal/running-median.ts';
import fc from 'fast-check';

test('property: the median and the spread of the last eight values', () => {
  fc.assert(
    fc.property(
      fc.float({ noNaN: true, min: -100, max: 100 }),
      fc.array(fc.float({ noNaN: true, min: -100, max: 100 }), { minLength: 1, maxLength: 30 }),
      (start, values) => {
        const running = new RunningMedian();
        running.fill(start);
        assert.equal(running.value, start);
        for (const value of values) running.push(value);
        const last = [...new Array<number>(8).fill(start), ...values].slice(-8).sort((a, b) => a - b);
        const median = (last[3]! + last[4]!) / 2;
        assert.equal(running.value, median);
        const spread = last.reduce((sum, value) => sum + Math.abs(value - median), 0) / 8;
        assert.ok(Math.abs(running.spread - spread) < 1e-9);
      },
    ),
  );
});

test('one outlier does not move it, five of eight do', () => {
  const running = new RunningMedian();
  running.fill(1);
  running.push(100);
  assert.equal(running.value, 1);
  for (let i = 0; i < 4; i++) running.push(100);
  assert.equal(running.value, 100);
});
