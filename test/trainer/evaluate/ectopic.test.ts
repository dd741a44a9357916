import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ectopicFigures, emptyConfusion } from '@rhythmd/trainer/evaluate/ectopic.ts';
import { medianOf, spreadOf } from '@rhythmd/trainer/evaluate/new-patients.ts';

test('without beats nothing is known', () => {
  const { S, V } = ectopicFigures(emptyConfusion());
  assert.deepEqual([S.sensitivity, S.positivePredictivity, V.f1], [null, null, null]);
  assert.equal(spreadOf([0.5, null]), '-');
  assert.equal(medianOf([]), null);
});

test('EC57: what is called ventricular or supraventricular wrongly, and what is not penalised', () => {
  //          n   s   v  f  q
  const confusion = [
    [900, 10, 5, 0, 0],
    [4, 80, 6, 0, 0],
    [2, 3, 95, 0, 0],
    [1, 2, 7, 0, 0],
    [0, 1, 3, 0, 6],
  ];
  const { S, V, accuracy, beats } = ectopicFigures(confusion);
  assert.equal(V.sensitivity, 95 / 100);
  assert.equal(V.positivePredictivity, 95 / (95 + 5 + 6), 'fusion and unclassifiable beats do not count');
  assert.equal(S.sensitivity, 80 / 90);
  assert.equal(
    S.positivePredictivity,
    80 / (80 + 10 + 3 + 2),
    'fusion beats count, unclassifiable ones do not',
  );
  assert.equal(accuracy, 1081 / beats);
});

test('the median and the range of seeds', () => {
  assert.equal(spreadOf([0.8, 0.9, 0.85]), '.850 (.800-.900)');
  assert.equal(spreadOf([0.812]), '.812');
});
