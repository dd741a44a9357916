import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QualityGate } from '@rhythmd/ecg/signal/quality-gate.ts';
import { type QualityChange, SampleFlag, type Samples } from '@rhythmd/ecg/types.ts';

const RATE_HZ = 360;

/** One sharp wave a second of the given height, in millivolts. */
function ecg(seconds: number, heightMv: number): Float32Array {
  return new Float32Array(seconds * RATE_HZ).map((_, i) => {
    const at = (i % RATE_HZ) - 180;
    return heightMv * Math.exp(-((at / 6) ** 2));
  });
}

function states(
  gate: QualityGate,
  parts: { values: Float32Array; flags?: number; first?: number }[],
): string[] {
  const changes: string[] = [];
  let next = 0;
  for (const part of parts) {
    next = part.first ?? next;
    const samples: Samples = {
      first: next,
      rateHz: RATE_HZ,
      leads: [part.values],
      count: part.values.length,
      flags: part.flags ?? 0,
      lost: 0,
    };
    gate.push(samples, (change: QualityChange) => changes.push(change.quality));
    next += part.values.length;
  }
  return changes;
}

test('a clean lead settles, then is good and stays so', () => {
  const gate = new QualityGate({ rateHz: RATE_HZ, leads: 1 });
  assert.deepEqual(states(gate, [{ values: ecg(60, 1) }]), ['settling', 'good']);
  assert.equal(gate.readability, 1);
});

test('a lead that is not there is off', () => {
  assert.equal(new QualityGate({ rateHz: RATE_HZ, leads: 1 }).state(3), 'off');
});

test('the board says the electrode is off, then on again', () => {
  const gate = new QualityGate({ rateHz: RATE_HZ, leads: 1 });
  const parts = [
    { values: ecg(5, 1) },
    { values: ecg(2, 1), flags: SampleFlag.leadOffPlus },
    { values: ecg(5, 1) },
  ];
  assert.deepEqual(states(gate, parts), ['settling', 'good', 'off', 'good']);
});

test('a straight line is flat', () => {
  const gate = new QualityGate({ rateHz: RATE_HZ, leads: 1 });
  const parts = [{ values: ecg(5, 1) }, { values: new Float32Array(5 * RATE_HZ) }, { values: ecg(5, 1) }];
  assert.deepEqual(states(gate, parts), ['settling', 'good', 'flat', 'good']);
});

test('a jump of many times the usual range is noise', () => {
  const gate = new QualityGate({ rateHz: RATE_HZ, leads: 1 });
  const jump = ecg(3, 1).map((value, i) => value + (i > 500 ? 9 : 0));
  assert.deepEqual(states(gate, [{ values: ecg(5, 1) }, { values: jump }]), ['settling', 'good', 'noisy']);
});

test('after a gap the lead settles again', () => {
  const gate = new QualityGate({ rateHz: RATE_HZ, leads: 1 });
  const parts = [{ values: ecg(5, 1) }, { values: ecg(5, 1), first: 10 * RATE_HZ }];
  assert.deepEqual(states(gate, parts), ['settling', 'good', 'settling', 'good']);
});
