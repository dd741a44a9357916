import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clearestLead } from '@rhythmd/ecg/signal/clearest-lead.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { makeSyntheticRecord } from '@rhythmd/ecg/synthetic/synthetic-patient.ts';

const RATE_HZ = 250;
const COUNT = 5 * RATE_HZ;
const lead = (of: (i: number) => number) => Float32Array.from({ length: COUNT }, (_, i) => of(i));
const ecg = makeSyntheticRecord({ seed: 3, rateHz: RATE_HZ }, 5).leads[0]!.slice(0, COUNT);
const seeded = new SeededRandom(7);
const random = () => seeded.uniform();
const noise = lead(() => random() - 0.5);
const hum = lead((i) => Math.sin((2 * Math.PI * 50 * i) / RATE_HZ));
const flat = lead(() => 0.3);
const lost = lead(() => Number.NaN);
const open = lead(() => 400 * (random() - 0.5));

test('without a clear lead it is the first', () => {
  assert.equal(clearestLead([], RATE_HZ), 0);
  assert.equal(clearestLead([lost, flat], RATE_HZ), 0);
  assert.equal(clearestLead([new Float32Array(3), flat], RATE_HZ), 0);
});

test('the lead with beats, wherever it is', () => {
  for (const others of [[noise], [hum, noise], [flat, lost, open, noise, hum]]) {
    assert.equal(clearestLead([...others, ecg], RATE_HZ), others.length);
    assert.equal(clearestLead([ecg, ...others], RATE_HZ), 0);
  }
});

test('of leads that are nearly alike the first', () => {
  const smaller = ecg.map((v) => 0.8 * v);
  assert.equal(clearestLead([smaller, ecg], RATE_HZ), 0);
  const noisy = ecg.map((v, i) => v + 0.4 * noise[i]!);
  assert.equal(clearestLead([noisy, ecg], RATE_HZ), 1);
});
