import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ASYSTOLE, FIBRILLATION, ORGANISED, UNKNOWN } from '@rhythmd/trainer/rhythm/reference.ts';
import { trainingWindows } from '@rhythmd/trainer/rhythm/training-windows.ts';

/** [class, seconds] one after the other. */
function referenceFrom(...parts: readonly (readonly [number, number])[]): Int8Array {
  return Int8Array.from(parts.flatMap(([c, seconds]) => new Array<number>(seconds * 90).fill(c)));
}

test('nothing is taught of an empty reference, of what is unknown, or of less than two seconds', () => {
  assert.deepEqual(trainingWindows(new Int8Array(), 45, 45), []);
  assert.deepEqual(trainingWindows(referenceFrom([UNKNOWN, 10]), 45, 45), []);
  assert.deepEqual(trainingWindows(referenceFrom([ORGANISED, 1.9]), 1, 1), []);
});

test('a window is what its last two seconds are', () => {
  const windows = trainingWindows(referenceFrom([ORGANISED, 4], [FIBRILLATION, 4]), 45, 45);
  const at = (seconds: number) => windows.find(({ end }) => end === seconds * 90)!.target;
  assert.equal(at(4)[ORGANISED], 1);
  assert.equal(at(5)[ORGANISED], 0.5);
  assert.equal(at(5)[FIBRILLATION], 0.5);
  assert.equal(at(6)[FIBRILLATION], 1);
});

test('a standstill is taught after three seconds of it', () => {
  const windows = trainingWindows(referenceFrom([ORGANISED, 4], [ASYSTOLE, 7]), 45, 45);
  const ends = windows.filter(({ target }) => target[ASYSTOLE]! > 0).map(({ end }) => end / 90);
  assert.deepEqual(ends, [9, 9.5, 10, 10.5, 11]);
  assert.ok(windows.every(({ end }) => end <= 4 * 90 || end >= 9 * 90));
});
