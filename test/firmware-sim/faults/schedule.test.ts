import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '@rhythmd/firmware-sim/faults/fault-kinds.ts';
import { Schedule } from '@rhythmd/firmware-sim/faults/schedule.ts';

const once: Fault = { kind: 'stall', atS: 10, forS: 5, everyS: null, parameters: {} };
const often: Fault = { kind: 'hum', atS: 3, forS: 1, everyS: 4, parameters: {} };
const schedule = new Schedule([once, often]);

test('a fault is on from its first second up to its last', () => {
  for (const [time, on] of [
    [9.99, false],
    [10, true],
    [14.99, true],
    [15, false],
  ] as const) {
    assert.equal(schedule.active('stall', time) !== null, on, `${time}`);
  }
});

test('a fault comes again', () => {
  for (const [time, on] of [
    [2.9, false],
    [3, true],
    [4, false],
    [7, true],
    [83.5, true],
    [84, false],
  ] as const) {
    assert.equal(schedule.active('hum', time) !== null, on, `${time}`);
  }
  assert.equal(schedule.begunAt(often, 83.5), 83);
});

test('every change is announced', () => {
  const changes: number[] = [];
  for (let time = 0; changes.length < 8; time = changes.at(-1)!) changes.push(schedule.nextChange(time));
  assert.deepEqual(changes, [3, 4, 7, 8, 10, 11, 12, 15]);
  assert.equal(new Schedule([once]).nextChange(15), Number.POSITIVE_INFINITY);
});
