import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Paced, PacedPrior } from '@rhythmd/daemon/classify/paced-prior.ts';
import { BEAT_LABELS } from '@rhythmd/ecg/types.ts';

const RATE = 360;

/** After half a minute of 70/min: what is said of a beat that came after `rr` seconds. */
function judged(paced: Paced, rr: number | null, n: number, v: number, q: number): string {
  const prior = new PacedPrior(paced);
  const any = () => new Float32Array(BEAT_LABELS.length).fill(0.125);
  for (let i = 0; i < 35; i++) prior.apply((60 / 70) * RATE, any());
  const probabilities = new Float32Array(BEAT_LABELS.length);
  for (const [label, p] of [
    ['N', n],
    ['V', v],
    ['Q', q],
  ] as const)
    probabilities[BEAT_LABELS.indexOf(label)] = p;
  prior.apply(rr === null ? null : rr * RATE, probabilities);
  return BEAT_LABELS[probabilities.indexOf(Math.max(...probabilities))]!;
}

test('with a pacemaker a beat on time is paced rather than ventricular, an early one is what it was', () => {
  assert.equal(judged('yes', 60 / 70, 0, 0.9, 0.1), 'Q');
  assert.equal(judged('yes', 0.5, 0, 0.9, 0.1), 'V');
  assert.equal(judged('yes', null, 0, 0.9, 0.1), 'V');
  assert.equal(judged('yes', 60 / 70, 0, 0.9999, 0.0001), 'V', 'certain');
});

test('a tachycardia never passes for a pacemaker, however long it lasts', () => {
  const prior = new PacedPrior('yes');
  for (let i = 0; i < 2000; i++) {
    const probabilities = new Float32Array(BEAT_LABELS.length);
    probabilities[BEAT_LABELS.indexOf('V')] = 0.9;
    probabilities[BEAT_LABELS.indexOf('Q')] = 0.1;
    prior.apply((60 / 150) * RATE, probabilities);
    assert.ok(probabilities[BEAT_LABELS.indexOf('V')]! > 0.89);
  }
});

test('without one no beat is paced; when nobody knows, the network decides', () => {
  assert.equal(judged('no', 60 / 70, 0.1, 0.2, 0.7), 'V');
  assert.equal(judged('auto', 60 / 70, 0.1, 0.2, 0.7), 'Q');
  assert.equal(judged('auto', 60 / 70, 0, 0.9, 0.1), 'V');
});
