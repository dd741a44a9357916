import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QualityHistory } from '@rhythmd/daemon/quality-history.ts';

test('the state at a sample is the last that began before it', () => {
  const history = new QualityHistory('settling');
  assert.equal(history.at(5), 'settling');
  history.change(100, 'good');
  history.change(500, 'noisy');
  assert.deepEqual(
    [99, 100, 499, 500, 9999].map((sample) => history.at(sample)),
    ['settling', 'good', 'good', 'noisy', 'noisy'],
  );
});

test('a change that began earlier than those known replaces them', () => {
  const history = new QualityHistory('good');
  history.change(100, 'good');
  history.change(500, 'noisy');
  history.change(300, 'off');
  assert.deepEqual(
    [299, 300, 600].map((sample) => history.at(sample)),
    ['good', 'off', 'off'],
  );
  assert.equal(history.current, 'off');
});

test('it remembers a bounded number of changes', () => {
  const history = new QualityHistory('good');
  for (let i = 0; i < 1000; i++) history.change(i * 10, i % 2 === 0 ? 'noisy' : 'good');
  assert.equal(history.at(9990), 'good');
  assert.equal(history.at(0), 'settling', 'too long ago to know');
});
