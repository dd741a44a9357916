/** How often a test set was looked at, and what is told without the patient who is on both sides. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dataset } from '@rhythmd/trainer/data/dataset.ts';
import { readOpenings } from '@rhythmd/trainer/evaluate/openings.ts';
import { readResults } from '@rhythmd/trainer/evaluate/results.ts';
import { withoutSharedPatient } from '@rhythmd/trainer/evaluate/shared-patient.ts';

test('the ledger has a line for every published accuracy of DS2', () => {
  const openings = readOpenings();
  const rounded = (accuracy: number): number => Math.round(accuracy * 1e4) / 1e4;
  for (const { network, method, protocol, accuracy } of readResults()) {
    if (protocol === 'paper') continue;
    const what =
      method === 'none' || method === 'post-training-quantized' ? network : `${network}, ${method}`;
    assert.ok(
      openings.some(
        (opening) =>
          opening.testSet === 'DS2' &&
          opening.what.startsWith(what) &&
          opening.accuracy === rounded(accuracy),
      ),
      `${what}: ${accuracy}`,
    );
  }
  for (const { on, what, why } of openings) assert.match(`${on} ${what} ${why}`, /^\d{4}-\d\d-\d\d \S+.* \S/);
});

test('without record 202: its beats count for nothing', () => {
  const dataset = {
    records: [{ name: '200' }, { name: '202' }],
    record: Uint8Array.from([0, 0, 1, 1]),
    label: Uint8Array.from([0, 1, 0, 0]),
  } as unknown as Dataset;
  const logits = Float32Array.from([1, 0, 1, 0, 0, 1, 0, 1]);
  assert.deepEqual(withoutSharedPatient(dataset, Uint32Array.from([0, 1, 2, 3]), logits), {
    beats: 2,
    accuracy: 0.5,
  });
  assert.equal(withoutSharedPatient(dataset, Uint32Array.from([0, 1]), logits.subarray(0, 4)), null);
});
