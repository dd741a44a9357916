import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WallClock } from '@rhythmd/daemon/time/wall-clock.ts';

function clocks() {
  const at = { wall: 1_795_349_012_345, monotonic: 5000 };
  const wall = new WallClock(
    () => at.wall,
    () => at.monotonic,
  );
  const pass = (ms: number, setMs = 0) => {
    at.monotonic += ms;
    at.wall += ms + setMs;
  };
  return { at, wall, pass };
}

test('set forward or back: told once, by how much, and the past moves along', () => {
  const { at, wall, pass } = clocks();
  const beforeMs = at.monotonic;
  const stampMs = wall.at(beforeMs);
  pass(60_000);
  assert.equal(wall.check(), 0);
  for (const setMs of [21 * 86_400_000, -3_600_000, -22 * 86_400_000]) {
    const earlierMs = wall.at(beforeMs);
    pass(40, setMs);
    assert.equal(wall.check(), setMs);
    assert.equal(wall.check(), 0);
    assert.equal(wall.at(beforeMs) - earlierMs, setMs);
    assert.equal(wall.now(), at.wall);
  }
  assert.equal(wall.timesSet, 3);
  assert.equal(wall.monotonicAt(wall.at(1234)), 1234);
  assert.equal(wall.at(beforeMs), stampMs + (21 - 22) * 86_400_000 - 3_600_000);
});

test('slewed: followed without a word', () => {
  const { at, wall, pass } = clocks();
  for (let second = 0; second < 600; second++) {
    pass(1000, 0.5);
    assert.equal(wall.check(), 0);
    assert.ok(Math.abs(wall.now() - at.wall) <= 2);
  }
  assert.equal(wall.timesSet, 0);
});

test('a machine that stops between the two readings sets no clock', () => {
  let [monotonic, reads] = [0, 0];
  const wall = new WallClock(
    () => 1_000_000 + Math.round(monotonic),
    () => {
      // Every third time something else runs for two seconds.
      monotonic += reads++ % 3 === 2 ? 2000 : 0.01;
      return monotonic;
    },
  );
  for (let i = 0; i < 100; i++) assert.equal(wall.check(), 0);
  assert.ok(Math.abs(wall.at(500) - 1_000_500) < 3);
});
