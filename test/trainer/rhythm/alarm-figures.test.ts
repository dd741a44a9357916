import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alarmFigures, alarmsOf, episodes } from '@rhythmd/trainer/rhythm/alarm-figures.ts';
import { ANNOTATED_NOISE, FIBRILLATION, ORGANISED } from '@rhythmd/trainer/rhythm/reference.ts';
import type { RhythmRecord } from '@rhythmd/trainer/rhythm/rhythm-record.ts';

const RULE = { meanSeconds: 1, threshold: 0.5 };
const KIND = {
  name: 'fibrillation',
  databases: ['cudb'],
  classes: [FIBRILLATION],
  length: [0, 1e9],
} as const;

/** Every half second: certain of fibrillation, or of an organised rhythm. */
function predictionsOf(seconds: number, isHigh: (seconds: number) => boolean): Float32Array {
  const predictions = new Float32Array(seconds * 2 * 5);
  for (let row = 0; row < seconds * 2; row++) {
    predictions[row * 5 + (isHigh((row + 1) / 2) ? FIBRILLATION : ORGANISED)] = 1;
  }
  return predictions;
}

function recordOf(seconds: number, ...parts: readonly (readonly [number, number, number])[]): RhythmRecord {
  const reference = new Int8Array(seconds * 90);
  for (const [c, from, to] of parts) reference.fill(c, from * 90, to * 90);
  return { database: 'cudb', name: 'cu01', leads: [new Float32Array(seconds * 90)], beats: [], reference };
}

test('no predictions, no alarms; no record, no figures', () => {
  assert.deepEqual(alarmsOf(new Float32Array(), RULE), []);
  const figures = alarmFigures([], KIND, RULE);
  assert.deepEqual([figures.episodes, figures.covered, figures.medianDelaySeconds], [0, 0, null]);
});

test('an alarm begins when the mean reaches the threshold and ends when it is well below', () => {
  const predictions = predictionsOf(30, (seconds) => seconds > 10 && seconds <= 20);
  assert.deepEqual(alarmsOf(predictions, RULE), [[10.5, 21]]);
  assert.deepEqual(alarmsOf(predictions, { meanSeconds: 4, threshold: 0.5 }), [[12, 23]]);
});

test('an alarm that stands at the end ends with the record', () => {
  assert.deepEqual(
    alarmsOf(
      predictionsOf(10, (seconds) => seconds > 5),
      RULE,
    ),
    [[5.5, 10]],
  );
});

test('stretches less than half a second apart are one episode', () => {
  const { reference } = recordOf(20, [FIBRILLATION, 2, 5], [FIBRILLATION, 5.4, 8], [FIBRILLATION, 9, 10]);
  assert.deepEqual(
    episodes(reference, [FIBRILLATION]).map(([from, to]) => [Math.round(10 * from), Math.round(10 * to)]),
    [
      [20, 80],
      [90, 100],
    ],
  );
});

test('found, covered and false', () => {
  const record = recordOf(100, [FIBRILLATION, 20, 40], [ANNOTATED_NOISE, 60, 70]);
  const predictions = predictionsOf(
    100,
    (seconds) => (seconds > 24 && seconds <= 45) || (seconds > 62 && seconds <= 64) || seconds > 90,
  );
  const figures = alarmFigures([{ record, predictions }], KIND, RULE);
  assert.equal(figures.found, 1);
  assert.equal(figures.medianDelaySeconds, 4.5);
  assert.equal(figures.covered, 15.5 / 20);
  // In noise nobody knows; the one at the end is false.
  assert.equal(figures.falseAlarms, 1);
  assert.equal(Math.round(3600 * figures.hours), 70);
});
