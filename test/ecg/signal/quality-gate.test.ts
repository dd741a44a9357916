import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QualityGate } from '@rhythmd/ecg/signal/quality-gate.ts';
import { type QualityChange, SampleFlag, type Samples } from '@rhythmd/ecg/types.ts';
import { noisyLeads } from '@rhythmd/records/noisy-record.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { needsRecord } from '../../support/needs.ts';

const RATE_HZ = 360;

/** One sharp wave a second of the given height, in millivolts. */
function ecg(seconds: number, heightMv: number): Float32Array {
  return new Float32Array(seconds * RATE_HZ).map((_, i) => {
    const at = (i % RATE_HZ) - 180;
    return heightMv * (Math.exp(-((at / 5) ** 2)) - 0.25 * Math.exp(-(((at - 11) / 5) ** 2)));
  });
}

function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

interface Part {
  readonly values: Float32Array;
  readonly flags?: number;
  readonly first?: number;
}

function changesOf(gate: QualityGate, parts: readonly Part[], block = RATE_HZ): QualityChange[] {
  const changes: QualityChange[] = [];
  let next = 0;
  for (const { values, flags = 0, first } of parts) {
    next = first ?? next;
    for (let at = 0; at < values.length; at += block) {
      const leads = [values.subarray(at, at + block)];
      const samples: Samples = {
        first: next,
        rateHz: RATE_HZ,
        leads,
        count: leads[0]!.length,
        flags,
        lost: 0,
      };
      gate.push(samples, (change) => changes.push({ ...change }));
      next += samples.count;
    }
  }
  return changes;
}

const makeGate = (): QualityGate => new QualityGate({ rateHz: RATE_HZ, leads: 1 });
const statesOf = (parts: readonly Part[]): string[] =>
  changesOf(makeGate(), parts).map(({ quality }) => quality);

test('a clean lead settles, then was good from its start and stays so', () => {
  const gate = makeGate();
  const changes = changesOf(gate, [{ values: ecg(60, 1) }]);
  assert.deepEqual(changes, [
    { lead: 0, sample: 0, quality: 'settling' },
    { lead: 0, sample: 0, quality: 'good' },
  ]);
  assert.equal(gate.readability, 1);
  assert.ok(gate.doubt(0) < 0.05);
});

test('a lead that is not there is off and beyond belief', () => {
  assert.equal(makeGate().state(3), 'off');
  assert.equal(makeGate().doubt(3), 1);
});

test('the board says the electrode is off, then on again', () => {
  const off = { values: ecg(2, 1), flags: SampleFlag.leadOffPlus };
  assert.deepEqual(statesOf([{ values: ecg(5, 1) }, off, { values: ecg(5, 1) }]), [
    'settling',
    'good',
    'off',
    'good',
  ]);
});

test('a straight line is flat from where it began, to where it ended', () => {
  const line = { values: new Float32Array(15 * RATE_HZ) };
  const changes = changesOf(makeGate(), [{ values: ecg(5, 1) }, line, { values: ecg(5, 1) }]);
  assert.deepEqual(
    changes.map(({ quality }) => quality),
    ['settling', 'good', 'flat', 'good'],
  );
  // The last wave before the line ends half a second before it.
  assert.ok(
    changes[2]!.sample >= 4.5 * RATE_HZ && changes[2]!.sample <= 5.5 * RATE_HZ,
    `${changes[2]!.sample}`,
  );
  assert.ok(
    changes[3]!.sample >= 20 * RATE_HZ && changes[3]!.sample <= 21 * RATE_HZ,
    `${changes[3]!.sample}`,
  );
});

test('a pause of nine seconds and microvolts of noise are no reason to look away', () => {
  const random = makeRandom(2);
  const quiet = new Float32Array(9 * RATE_HZ);
  const hum = new Float32Array(30 * RATE_HZ).map(() => 0.004 * (random() - 0.5));
  for (const values of [quiet, hum]) {
    assert.deepEqual(statesOf([{ values: ecg(5, 1) }, { values }, { values: ecg(5, 1) }]), [
      'settling',
      'good',
    ]);
  }
});

test('after a gap the lead settles again', () => {
  const after = { values: ecg(5, 1), first: 10 * RATE_HZ };
  assert.deepEqual(statesOf([{ values: ecg(5, 1) }, after]), ['settling', 'good', 'settling', 'good']);
});

test('baseline wander and muscle noise are not doubtful', () => {
  const clean = ecg(20, 1);
  const random = makeRandom(1);
  const wander = clean.map((value, i) => value + 2 * Math.sin(i / 400));
  const muscle = clean.map((value) => value + 0.1 * (random() - 0.5));
  for (const values of [wander, muscle])
    assert.ok(!statesOf([{ values: clean }, { values }]).includes('noisy'));
});

test(
  'electrode motion that might be beats is noise, and beats after it are believed again',
  needsRecord('118', 'em'),
  () => {
    const leads = noisyLeads(readRecord('118'), { noise: 'em', snrDb: -6 });
    // A clean minute, 45 s of noise at -6 dB, then another clean signal.
    const values = Float32Array.of(...leads[0]!.subarray(240 * RATE_HZ, 345 * RATE_HZ), ...ecg(30, 2));
    const states = statesOf([{ values }]);
    assert.ok(states.includes('noisy'), states.join(' '));
    assert.equal(states.at(-1), 'good');
  },
);

test('the same changes in blocks of any length', () => {
  const parts = [{ values: ecg(5, 1) }, { values: new Float32Array(13 * RATE_HZ) }, { values: ecg(5, 1) }];
  const expected = changesOf(makeGate(), parts);
  for (const block of [7, 36, 100, 5000]) assert.deepEqual(changesOf(makeGate(), parts, block), expected);
});
