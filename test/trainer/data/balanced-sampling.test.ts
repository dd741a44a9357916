import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EC57_LABELS } from '@rhythmd/ecg/types.ts';
import { BalancedSampler } from '@rhythmd/trainer/data/balanced-sampling.ts';
import type { Dataset } from '@rhythmd/trainer/data/dataset.ts';
import { LEADS_CONTEXT_SIZE, STORED_RHYTHM } from '@rhythmd/trainer/data/leads-context.ts';
import { foldOfRecord } from '@rhythmd/trainer/data/splits.ts';

const [N, S, V] = [0, 1, 2];
const SAMPLING = {
  shares: { N: 0.5, S: 0.25, V: 0.25 },
  irregular: 0.4,
  block: 0.2,
  recordPower: 0.5,
  epochExamples: 1000,
};

/** Beats as [record, class, code, earliness, scatter]. */
function made(beats: readonly (readonly [number, number, number, number, number])[]): Dataset {
  const images = new Int16Array(beats.length * LEADS_CONTEXT_SIZE);
  for (const [i, [, , , early, scatter]] of beats.entries()) {
    images[i * LEADS_CONTEXT_SIZE + STORED_RHYTHM] = early * 1024;
    images[i * LEADS_CONTEXT_SIZE + STORED_RHYTHM + 7] = scatter * 1024;
  }
  const recipe = {
    normalisation: 'running',
    channels: 'leads-context',
    leads: 'upper',
    labels: 'ec57',
  } as const;
  const records = ['101', '106', 'svdb/800'].map((name) => ({
    name,
    beats: 0,
    signalSha256: '',
    annotationSha256: '',
  }));
  return {
    recipe,
    planes: 3,
    storedSize: LEADS_CONTEXT_SIZE,
    count: beats.length,
    records,
    record: Uint8Array.from(beats, ([record]) => record),
    lead: new Uint8Array(beats.length),
    sample: new Int32Array(beats.length),
    code: Uint8Array.from(beats, ([, , code]) => code),
    label: Uint8Array.from(beats, ([, label]) => label),
    images,
  };
}

test('classes and databases get their shares however few their beats, and a beat that is not early is no example of S', () => {
  const beats = [
    ...Array.from({ length: 300 }, () => [0, N!, 1, 0, 0.1] as const),
    ...Array.from({ length: 30 }, () => [1, N!, 2, 0, 0.1] as const),
    ...Array.from({ length: 10 }, () => [2, N!, 1, 0, 0.9] as const),
    ...Array.from({ length: 5 }, () => [0, S!, 8, -1, 0.1] as const),
    [2, S!, 8, -1, 0.1] as const,
    [2, S!, 8, 0, 0.1] as const,
    ...Array.from({ length: 40 }, () => [1, V!, 5, -1, 0.1] as const),
  ];
  const dataset = made(beats);
  const sampler = new BalancedSampler(dataset, Uint32Array.from(beats.keys()), SAMPLING);
  const drawn = sampler.draw(20_000, 7);
  const share = (is: (beat: number) => boolean): number => [...drawn].filter(is).length / drawn.length;
  const near = (value: number, wanted: number): void =>
    assert.ok(Math.abs(value - wanted) < 0.02, `${value}, not ${wanted}`);
  for (const [c, name] of EC57_LABELS.entries()) {
    near(
      share((beat) => dataset.label[beat] === c),
      SAMPLING.shares[name as 'N'] ?? 0,
    );
  }
  near(
    share((beat) => dataset.label[beat] === S && dataset.record[beat] === 2),
    0.125,
  );
  assert.equal(
    share((beat) => beat === 346),
    0,
    'not early',
  );
  near(
    share((beat) => dataset.code[beat] === 2),
    (0.5 / 2) * (0.2 / 0.6),
  );
  assert.deepEqual(sampler.draw(50, 7), sampler.draw(50, 7), 'the same seed draws the same');
});

test('folds: each group is dealt out by itself, DS2 is in none', () => {
  const records = ['101', '100', '106', '102', 'svdb/800', 'svdb/801'].map((name) => ({ name }));
  assert.deepEqual(
    records.map(({ name }) => foldOfRecord(name, records)),
    [0, null, 1, 0, 0, 1],
  );
});
