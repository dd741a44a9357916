import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type BeatLook,
  emptyLook,
  SHAPE_POINTS,
  SUPRAVENTRICULAR,
  scaleProbability,
  VENTRICULAR,
} from '@rhythmd/ecg/teaching/beat-look.ts';
import { ANSWERS, type Answer, Lesson, MOST_BEATS } from '@rhythmd/ecg/teaching/lesson.ts';
import { BEAT_LABELS } from '@rhythmd/ecg/types.ts';
import fc from 'fast-check';

const NORMAL = BEAT_LABELS.indexOf('N');

function shapeOf(frequency: number): Float32Array {
  const shape = Float32Array.from({ length: SHAPE_POINTS }, (_, i) => Math.sin(frequency * i));
  const mean = shape.reduce((sum, value) => sum + value, 0) / SHAPE_POINTS;
  const centred = shape.map((value) => value - mean);
  const length = Math.hypot(...centred);
  return centred.map((value) => value / length);
}

function lookOf(about: Partial<BeatLook>): BeatLook {
  return { ...emptyLook(), shape: shapeOf(0.3), ...about };
}

/** As the classifier would have it for these odds. */
function probabilitiesOf({ oddsS, oddsV }: BeatLook): Float32Array {
  const values = new Float32Array(BEAT_LABELS.length);
  const total = 1 + Math.exp(oddsS) + Math.exp(oddsV);
  values[NORMAL] = 1 / total;
  values[SUPRAVENTRICULAR] = Math.exp(oddsS) / total;
  values[VENTRICULAR] = Math.exp(oddsV) / total;
  return values;
}

function taught(lesson: Lesson, look: BeatLook): Float32Array {
  const probabilities = probabilitiesOf(look);
  lesson.amend(look, probabilities);
  return probabilities;
}

const early = lookOf({ oddsS: 0.3, oddsV: -4, before: -0.35, after: 0.1 });
const wide = lookOf({ oddsS: -6, oddsV: -0.2, shape: shapeOf(0.7) });

test('an early beat that is called normal makes those that come alike normal, others less so', () => {
  const lesson = Lesson.from([{ answer: 'N', look: early }]);
  const alike = taught(lesson, lookOf({ oddsS: 0.4, oddsV: -4, before: -0.33, after: 0.12 }));
  const earlier = taught(lesson, lookOf({ oddsS: 0.4, oddsV: -4, before: -0.9, after: 0.5 }));
  assert.ok(alike[NORMAL]! > 0.7, `${alike[NORMAL]}`);
  assert.ok(earlier[SUPRAVENTRICULAR]! > alike[SUPRAVENTRICULAR]! + 0.15, `${earlier[SUPRAVENTRICULAR]}`);
});

test('beats of one shape are called ventricular together, those of another shape less so', () => {
  const lesson = Lesson.from([
    { answer: 'V', look: wide },
    { answer: 'V', look: wide },
  ]);
  const before = probabilitiesOf(wide)[VENTRICULAR]!;
  const alike = taught(lesson, wide)[VENTRICULAR]!;
  const other = taught(lesson, { ...wide, shape: shapeOf(0.3) })[VENTRICULAR]!;
  assert.ok(alike > 0.85 && other < alike - 0.1 && other > before, `${before} ${alike} ${other}`);
});

test('a certainty stays one, even against a dozen beats that were all called the same', () => {
  const lesson = Lesson.from(Array.from({ length: 12 }, () => ({ answer: 'N' as const, look: wide })));
  const certain = lookOf({ oddsS: -12, oddsV: 12, shape: shapeOf(0.7) });
  assert.ok(taught(lesson, certain)[VENTRICULAR]! > 0.95);
});

test('what is no beat and what nobody is sure of changes nothing', () => {
  const lesson = Lesson.from([
    { answer: 'no-beat', look: early },
    { answer: 'unsure', look: wide },
  ]);
  assert.equal(lesson.size, 0);
  for (const look of [early, wide]) assert.deepEqual(taught(lesson, look), probabilitiesOf(look));
});

test('whatever is answered, probabilities stay probabilities, and the same answers teach the same', () => {
  const look = fc
    .record({
      oddsS: fc.double({ min: -30, max: 30, noNaN: true }),
      oddsV: fc.double({ min: -30, max: 30, noNaN: true }),
      before: fc.double({ min: -1, max: 1, noNaN: true }),
      after: fc.double({ min: -1, max: 1, noNaN: true }),
      frequency: fc.double({ min: 0.05, max: 3, noNaN: true }),
    })
    .map(({ frequency, ...about }) => lookOf({ ...about, shape: shapeOf(frequency) }));
  const answered = fc.array(fc.record({ answer: fc.constantFrom<Answer>(...ANSWERS), look }), {
    maxLength: MOST_BEATS,
  });
  fc.assert(
    fc.property(answered, look, (beats, asked) => {
      const probabilities = taught(Lesson.from(beats), asked);
      const sum = probabilities.reduce((total, value) => total + value, 0);
      assert.ok(Math.abs(sum - 1) < 1e-5, `${sum}`);
      assert.ok(probabilities.every((value) => value >= 0));
      assert.deepEqual(taught(Lesson.from(beats), asked), probabilities);
    }),
    { numRuns: 60 },
  );
});

test('a class that cannot be is shared out among the others, unless there is none', () => {
  const q = BEAT_LABELS.indexOf('Q');
  const values = new Float32Array(BEAT_LABELS.length);
  values.set([0.1, 0, 0.3, 0, 0.6]);
  scaleProbability(values, q, Number.NEGATIVE_INFINITY);
  assert.deepEqual(
    [...values.subarray(0, 5)].map((value) => Math.round(100 * value)),
    [25, 0, 75, 0, 0],
  );
  const only = new Float32Array(BEAT_LABELS.length);
  only[q] = 1;
  scaleProbability(only, q, Number.NEGATIVE_INFINITY);
  assert.equal(only[q], 1);
});
