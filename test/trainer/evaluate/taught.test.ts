import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUESTIONS } from '@rhythmd/ecg/teaching/doubtful-beats.ts';
import { EC57_LABELS } from '@rhythmd/ecg/types.ts';
import type { Dataset } from '@rhythmd/trainer/data/dataset.ts';
import { LEADS_CONTEXT_SIZE } from '@rhythmd/trainer/data/leads-context.ts';
import { figuresByRecord } from '@rhythmd/trainer/evaluate/run-figures.ts';
import { taughtByRecord } from '@rhythmd/trainer/evaluate/taught.ts';

const BEATS = 700;
const [N, S] = [EC57_LABELS.indexOf('N'), EC57_LABELS.indexOf('S')];
const isEarly = (beat: number): boolean => beat % 10 === 9;

/** Records of 75 beats a minute with every tenth early, which are of class `early[record]`. */
function datasetOf(names: readonly string[], early: readonly number[]): Dataset {
  const count = names.length * BEATS;
  const each = <T extends Uint8Array | Int32Array>(
    values: T,
    of: (record: number, beat: number) => number,
  ): T => values.map((_, i) => of(Math.floor(i / BEATS), i % BEATS)) as T;
  return {
    recipe: { normalisation: 'running', channels: 'leads-context', leads: 'upper', labels: 'ec57' },
    planes: 3,
    storedSize: LEADS_CONTEXT_SIZE,
    count,
    records: names.map((name) => ({ name, beats: BEATS, signalSha256: '', annotationSha256: '' })),
    record: each(new Uint8Array(count), (record) => record),
    lead: new Uint8Array(count),
    sample: each(new Int32Array(count), (_, beat) => 400 + 288 * beat - (isEarly(beat) ? 100 : 0)),
    code: new Uint8Array(count).fill(1),
    label: each(new Uint8Array(count), (record, beat) => (isEarly(beat) ? early[record]! : N)),
    images: new Int16Array(count * LEADS_CONTEXT_SIZE),
  };
}

/** Sure of what comes on time; of an early beat the odds of S are e^`odds`. */
function logitsOf(count: number, odds: number): Float32Array {
  const classes = EC57_LABELS.length;
  const logits = new Float32Array(count * classes).fill(-12);
  for (let i = 0; i < count; i++) {
    logits[i * classes + N] = 0;
    if (isEarly(i % BEATS)) logits[i * classes + S] = odds;
  }
  return logits;
}

const all = (dataset: Dataset): Uint32Array => Uint32Array.from({ length: dataset.count }, (_, i) => i);

test('twelve named beats put right what came alike, in that record alone, and do not count themselves', () => {
  const dataset = datasetOf(['101', 'svdb/800'], [S, N]);
  const logits = logitsOf(dataset.count, -1);
  const before = figuresByRecord(dataset, all(dataset), logits);
  assert.deepEqual(
    before.map(({ confusion }) => confusion[S]![N]),
    [BEATS / 10, 0],
    'all missed',
  );
  const [first, second] = taughtByRecord(dataset, all(dataset), logits);
  assert.deepEqual(
    [first!.record, first!.group, second!.record, second!.group],
    ['101', 'DS1', 'svdb/800', 'svdb'],
  );
  const told = first!.confusion;
  assert.equal(
    told.flat().reduce((a, b) => a + b),
    BEATS - QUESTIONS,
  );
  assert.equal(told[S]![N], 0, 'none is missed any more');
  assert.ok(
    told[S]![S]! >= BEATS / 10 - QUESTIONS && told[S]![S]! < BEATS / 10,
    'those that were asked about are left out',
  );
  assert.equal(told[N]![S], 0);
  assert.equal(second!.confusion[N]![N], BEATS - QUESTIONS, 'the other patient was never told of S');
});

test('nor is a patient called supraventricular for what another is', () => {
  const dataset = datasetOf(['101', '106'], [N, S]);
  const [first, second] = taughtByRecord(dataset, all(dataset), logitsOf(dataset.count, 1));
  assert.equal(first!.confusion[N]![S], 0, 'were all false before');
  assert.equal(second!.confusion[S]![N], 0);
});

test('only beats of the first five minutes are asked about', () => {
  const dataset = datasetOf(['101'], [S]);
  const late = all(dataset).filter((beat) => dataset.sample[beat]! > 300 * 360);
  const logits = logitsOf(BEATS, -1).slice(-late.length * EC57_LABELS.length);
  const [told] = taughtByRecord(dataset, late, logits);
  assert.deepEqual(told!.confusion, figuresByRecord(dataset, late, logits)[0]!.confusion);
});
