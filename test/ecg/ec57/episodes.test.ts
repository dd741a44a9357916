import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareEpisodes, episodeRatios, sumEpisodes } from '@rhythmd/ecg/ec57/episodes.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { codeOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { needsRecord } from '../../support/needs.ts';

const RATE_HZ = 100;
const period = { rateHz: RATE_HZ, fromSample: 0, endSample: 100 * RATE_HZ };

const mark = (second: number, mnemonic: string, aux: string | null = null): Annotation => ({
  sample: second * RATE_HZ,
  code: codeOf(mnemonic)!,
  subtype: 0,
  channel: 0,
  num: 0,
  aux,
});
const flutter = (...times: [number, number][]) =>
  times.flatMap(([start, end]) => [mark(start, '['), mark(end, ']')]);
const rhythm = (...changes: [number, string][]) => changes.map(([second, aux]) => mark(second, '+', aux));

test('no episodes: nothing is known', () => {
  const none = compareEpisodes([], [], period, 'ventricularFlutter');
  assert.deepEqual(episodeRatios(none), { se: null, pp: null, durationSe: null, durationPp: null });
});

test('by count any overlap finds an episode, by duration only what overlaps counts', () => {
  const compared = compareEpisodes(
    flutter([10, 20], [40, 50]),
    flutter([15, 25], [70, 75]),
    period,
    'ventricularFlutter',
  );
  assert.deepEqual(compared, {
    found: 1,
    missed: 1,
    confirmed: 1,
    spurious: 1,
    referenceS: 20,
    testS: 15,
    overlapS: 5,
  });
  assert.deepEqual(episodeRatios(compared), { se: 0.5, pp: 0.5, durationSe: 0.25, durationPp: 5 / 15 });
});

test('brackets and the rhythm mark of the same flutter are one episode', () => {
  const both = [...flutter([10, 20]), ...rhythm([11, '(VFL'], [21, '(N'])];
  both.sort((a, b) => a.sample - b.sample);
  const compared = compareEpisodes(both, flutter([10, 21]), period, 'ventricularFlutter');
  assert.equal(compared.found + compared.missed, 1);
  assert.equal(compared.referenceS, 11);
});

test('an episode is cut at the ends of the period, and lasts to the end when never closed', () => {
  const within = { ...period, fromSample: 15 * RATE_HZ };
  const compared = compareEpisodes(flutter([5, 10], [12, 20]), [mark(90, '[')], within, 'ventricularFlutter');
  assert.deepEqual([compared.referenceS, compared.testS, compared.missed], [5, 10, 1]);
});

test('atrial flutter in the reference is neither right nor wrong for fibrillation', () => {
  const reference = rhythm([0, '(N'], [10, '(AFL'], [20, '(AFIB'], [30, '(N']);
  const found = rhythm([12, '(AFIB'], [30, '(N']);
  const compared = compareEpisodes(reference, found, period, 'atrialFibrillation');
  assert.deepEqual([compared.testS, compared.overlapS, compared.spurious], [10, 10, 0]);
});

test('sums over records', () => {
  const one = compareEpisodes(flutter([10, 20]), flutter([10, 20]), period, 'ventricularFlutter');
  assert.equal(sumEpisodes([one, one]).overlapS, 20);
});

test('record 207 has six episodes of flutter', needsRecord('207'), () => {
  const reference = readAnnotations('207', 'atr');
  const whole = { rateHz: 360, fromSample: 0, endSample: 650_000 };
  assert.equal(compareEpisodes(reference, reference, whole, 'ventricularFlutter').found, 6);
});
