import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configuredLead, LeadAudition } from '@rhythmd/daemon/lead-audition.ts';
import { makeSyntheticRecord } from '@rhythmd/ecg/synthetic/synthetic-patient.ts';

test('a lead by name or by number counted from 1; auto leaves one or two leads in their order', () => {
  const names = ['II', 'V1', 'V5'];
  assert.equal(configuredLead('v1', names), 1);
  assert.equal(configuredLead('3', names), 2);
  assert.equal(configuredLead('auto', names), null);
  assert.equal(configuredLead('4', names), null);
  assert.equal(configuredLead('auto', ['II', 'V1']), 0);
  assert.equal(configuredLead('V9', ['II']), 0);
});

test('five seconds are heard, and none of them is lost', () => {
  const ecg = makeSyntheticRecord({ seed: 1, rateHz: 100 }, 10).leads[0]!;
  const audition = new LeadAudition({
    board: 'x',
    rateHz: 100,
    leadNames: ['a', 'b', 'c'],
    microvoltsPerCount: [1, 1, 1],
    firmware: null,
  });
  // The source uses its arrays again.
  const leads = [new Float32Array(50), new Float32Array(50), new Float32Array(50)];
  let first = 0;
  for (;;) {
    leads[2]!.set(ecg.subarray(first, first + 50));
    const isEnough = audition.push({ first, rateHz: 100, leads, count: 50, flags: 0, lost: 0 }, first);
    first += 50;
    if (isEnough) break;
  }
  assert.equal(first, 500);
  assert.equal(audition.choose(), 2);
  assert.deepEqual(
    audition.kept.flatMap(({ samples }) => [...samples.leads[2]!]),
    [...ecg.subarray(0, 500)],
  );
});
