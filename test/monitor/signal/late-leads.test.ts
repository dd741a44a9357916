/** Leads that the daemon has named are all there are: what comes late of one that is gone does not bring it back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveSignal } from '@rhythmd/monitor/signal/live-signal.ts';

const block = (lead: number, first: number) => ({ lead, first, samples: new Float32Array(36) });
const names = (signal: LiveSignal) => signal.leads.map(({ name }) => name);

test('before the daemon has named its leads whatever comes is one', () => {
  const signal = new LiveSignal();
  signal.wave(block(1, 0));
  assert.deepEqual(names(signal), ['Lead 1', 'Lead 2']);
});

test('a late block and a late quality of a lead that is gone are of no lead', () => {
  const signal = new LiveSignal();
  signal.setLeadNames(['I', 'II', 'V1']);
  for (const lead of [0, 1, 2]) signal.wave(block(lead, 0));
  signal.setLeadNames(['II']);
  signal.wave(block(2, 36));
  signal.quality({ lead: 1, sample: 40, quality: 'noisy' });
  signal.wave(block(0, 36));
  assert.deepEqual(names(signal), ['II']);
  assert.equal(signal.end, 72);
  signal.setLeadNames(['II', 'V1']);
  signal.wave(block(1, 72));
  assert.deepEqual(names(signal), ['II', 'V1']);
});
