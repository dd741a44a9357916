import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockTime, parseClockTime } from '@rhythmd/daemon/score/clock-time.ts';

test('what is no time is refused', () => {
  for (const text of ['', 'five', '1:60', '1:60:00', '-1', '1:2:3:4', '5:', ':5']) {
    assert.equal(parseClockTime(text), null, text);
  }
});

test('times both ways', () => {
  for (const [text, seconds] of [
    ['0:00', 0],
    ['5:00', 300],
    ['12:34.5', 754.5],
    ['1:02:03', 3723],
  ] as const) {
    assert.equal(parseClockTime(text), seconds);
    assert.equal(clockTime(seconds), text);
  }
  assert.equal(parseClockTime('90'), 90);
  assert.equal(clockTime(59.96), '1:00');
});
