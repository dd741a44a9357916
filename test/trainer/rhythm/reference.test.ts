import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { codeOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import {
  ANNOTATED_NOISE,
  ASYSTOLE,
  FIBRILLATION,
  ORGANISED,
  referenceOf,
  TACHYCARDIA,
  UNKNOWN,
} from '@rhythmd/trainer/rhythm/reference.ts';

/** At 90 Hz, so that a position is a place in the reference. */
function mark(seconds: number, mnemonic: string, aux: string | null = null, subtype = 0): Annotation {
  return { sample: seconds * 90, code: codeOf(mnemonic)!, subtype, channel: 0, num: 0, aux };
}

function at(reference: Int8Array, seconds: number): number {
  return reference[Math.floor(seconds * 90)]!;
}

test('a record of vfdb without a mark is unknown, and what comes before the first', () => {
  assert.ok(referenceOf('vfdb', '1', [], 90, 900).every((c) => c === UNKNOWN));
  const reference = referenceOf('vfdb', '1', [mark(4, '+', '(N\0')], 90, 900);
  assert.equal(at(reference, 3.9), UNKNOWN);
  assert.equal(at(reference, 4.1), ORGANISED);
});

test('marks that lie beyond the record or in a wrong order leave nothing outside it', () => {
  const marks = [mark(0, '+', '(N'), mark(50, '+', '(VT'), mark(20, '+', '(VF')];
  assert.equal(referenceOf('vfdb', '1', marks, 90, 900).length, 900);
});

test('rhythm marks of vfdb', () => {
  const marks = ['(N', '(VT', '(VFL', '(VF', '(VFIB', '(ASYS', '(NOISE', '(HGEA', '(VER'];
  const reference = referenceOf(
    'vfdb',
    '1',
    marks.map((aux, i) => mark(10 * i, '+', aux)),
    90,
    8100,
  );
  assert.deepEqual(
    marks.map((_, i) => at(reference, 10 * i + 5)),
    [
      ORGANISED,
      TACHYCARDIA,
      FIBRILLATION,
      FIBRILLATION,
      FIBRILLATION,
      ASYSTOLE,
      ANNOTATED_NOISE,
      UNKNOWN,
      ORGANISED,
    ],
  );
});

test('three ventricular beats at 100 a minute are tachycardia, two or slower ones are not', () => {
  const beats = (from: number, interval: number, count: number): Annotation[] =>
    Array.from({ length: count }, (_, i) => mark(from + i * interval, 'V'));
  const normal = [0, 1, 2, 3].map((seconds) => mark(seconds, 'N'));
  const of = (run: Annotation[]): Int8Array =>
    referenceOf('mitdb', '100', [...normal, ...run, mark(8, 'N')], 90, 900);
  assert.equal(at(of(beats(4, 0.4, 2)), 4.2), ORGANISED);
  const fast = of(beats(4, 0.4, 3));
  assert.equal(at(fast, 4.4), TACHYCARDIA);
  assert.equal(at(fast, 3.8), ORGANISED);
  assert.equal(at(fast, 5.2), ORGANISED);
  assert.equal(at(of(beats(4, 0.61, 4)), 4.5), UNKNOWN);
  assert.equal(at(of(beats(4, 0.9, 4)), 4.5), ORGANISED);
});

test('fibrillation of cudb is between its brackets, also where the last is missing', () => {
  const beats = Array.from({ length: 10 }, (_, i) => mark(i, 'N'));
  const reference = referenceOf('cudb', 'cu01', [...beats, mark(10, '['), mark(15, ']')], 90, 2000);
  assert.equal(at(reference, 12), FIBRILLATION);
  assert.equal(at(reference, 18), UNKNOWN);
  const open = referenceOf('cudb', 'cu01', [...beats, mark(10, '[')], 90, 2000);
  assert.equal(at(open, 20), FIBRILLATION);
});

test('cudb has no marks for tachycardia: fast beats are unknown, and so are gaps', () => {
  const slow = Array.from({ length: 10 }, (_, i) => mark(i, 'N'));
  const fast = Array.from({ length: 10 }, (_, i) => mark(10 + 0.4 * i, 'N'));
  const reference = referenceOf('cudb', 'cu01', [...slow, ...fast, mark(20, 'N')], 90, 1800);
  assert.equal(at(reference, 5), ORGANISED);
  assert.equal(at(reference, 12), UNKNOWN);
  assert.equal(at(reference, 17), UNKNOWN);
});

test('where every beat is annotated a gap of four seconds is a standstill, one of three is nothing', () => {
  const beats = [0, 1, 2, 7, 8, 11, 12].map((seconds) => mark(seconds, 'N'));
  const reference = referenceOf('svdb', '800', beats, 90, 1100);
  assert.equal(at(reference, 4), ASYSTOLE);
  assert.equal(at(reference, 9.5), UNKNOWN);
  assert.equal(at(reference, 7.5), ORGANISED);
});
