import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QrsShapes } from '@rhythmd/ecg/beat/qrs-shapes.ts';
import { SampleHistory } from '@rhythmd/ecg/beat/sample-history.ts';

const APART = 200;
/** Half-widths in samples: a narrow complex and a wide one. */
const SINUS = 5;
const VENTRICULAR = 18;

/** Complexes of these half-widths, one after another; `at` tells the nth peak. */
function signalOf(widths: readonly number[]): { history: SampleHistory; at: (beat: number) => number } {
  const at = (beat: number): number => 100 + APART * beat;
  const signal = new Float32Array(at(widths.length));
  for (const [beat, width] of widths.entries())
    for (let i = -80; i <= 80; i++) signal[at(beat) + i]! += Math.exp(-0.5 * (i / width) ** 2);
  const history = new SampleHistory(16_384);
  history.push(signal, signal.length, 0);
  return { history, at };
}

/** What was found of the last beat when these came, each so much earlier (negative) or later than usual. */
function lastOf(beats: readonly { readonly width: number; readonly prematurity: number }[]): QrsShapes {
  const shapes = new QrsShapes();
  const { history, at } = signalOf(beats.map(({ width }) => width));
  for (const [i, { prematurity }] of beats.entries()) assert.ok(shapes.take(history, at(i), 1, prematurity));
  return shapes;
}

const sinus = (prematurity = 0) => ({ width: SINUS, prematurity });
const ventricular = (prematurity: number) => ({ width: VENTRICULAR, prematurity });
const times = <T>(count: number, ...pattern: T[]): T[] => Array.from({ length: count }, () => pattern).flat();

test('of shapes that come equally early the one seen most is the usual one', () => {
  const most = [...times(10, sinus()), ...times(5, ventricular(0))];
  assert.equal(lastOf([...most, sinus()]).comparison.isUsual, true);
  assert.equal(lastOf([...most, ventricular(0)]).comparison.isUsual, false);
});

test('a shape whose beats come early is not the usual one, though it was seen a little more often', () => {
  const often = [...times(20, sinus(0.2), ventricular(-0.5)), ...times(2, ventricular(-0.5))];
  const { comparison } = lastOf([...often, ventricular(-0.5)]);
  assert.equal(comparison.isUsual, false);
  assert.ok(comparison.nearestLikeness > 0.99, 'a shape that is known');
  assert.ok(comparison.nearestShare > 0.5, 'and was seen more often');
  assert.ok(comparison.usualPrematurity > 0.1, 'the usual beats are those after the pauses');
  assert.equal(lastOf([...often, sinus(0.2)]).comparison.isUsual, true);
});

test('where nearly all beats are of one shape it is the usual one, however early they came', () => {
  const run = [...times(3, sinus()), ...times(60, ventricular(-0.5))];
  assert.equal(lastOf([...run, ventricular(-0.5)]).comparison.isUsual, true);
});

test('before the first beat there is no other shape; lost samples measure nothing', () => {
  const { comparison } = lastOf([ventricular(-0.5)]);
  assert.equal(comparison.isUsual, true);
  assert.equal(comparison.usualLikeness, 1);
  const history = new SampleHistory(1024);
  history.push(new Float32Array(300), 300, 0);
  assert.equal(new QrsShapes().take(history, 280, 1, 0), false);
});
