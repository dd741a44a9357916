/** Noisy copies of records: which there are, whom they train, and what stays unheard. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { BalancedSampler } from '@rhythmd/trainer/data/balanced-sampling.ts';
import { makeDataset } from '@rhythmd/trainer/data/make-dataset.ts';
import { addRecordedNoise, noisyCopyOf, originalOf } from '@rhythmd/trainer/data/noisy-copy.ts';
import { splitOf } from '@rhythmd/trainer/data/splits.ts';
import { verifyDataset } from '@rhythmd/trainer/data/verify-dataset.ts';
import { needsRecord } from '../../support/needs.ts';

const RECIPE = {
  normalisation: 'running',
  channels: 'leads-context',
  leads: 'upper',
  labels: 'ec57',
  databases: ['mitdb'],
  noisyCopies: true,
} as const;
const needs = needsRecord('106', '118', '100', 'ma', 'bw', 'em');

test('a copy has the beats of its record, trains where the record does, and is never judged', needs, () => {
  const dataset = makeDataset(RECIPE, ['106', '118', '100', '106~', '118~']);
  verifyDataset(dataset);
  const { records, record, sample, storedSize, images } = dataset;
  const namesOf = (beats: Uint32Array): string[] => [
    ...new Set([...beats].map((b) => records[record[b]!]!.name)),
  ];
  const of = (index: number): number[] => [...record.keys()].filter((beat) => record[beat] === index);
  assert.deepEqual(
    of(3).map((beat) => sample[beat]),
    of(0).map((beat) => sample[beat]),
  );
  const image = (beat: number) => images.subarray(beat * storedSize, (beat + 1) * storedSize);
  assert.notDeepEqual(image(of(3)[500]!), image(of(0)[500]!));

  const whole = splitOf(dataset, 'new-patients', 1, null);
  assert.deepEqual(namesOf(whole.train), ['106', '118', '106~', '118~']);
  assert.deepEqual(namesOf(whole.test), ['100']);
  for (let fold = 0; fold < 5; fold++) {
    const { train, validation } = splitOf(dataset, 'new-patients', 1, fold);
    const held = namesOf(validation);
    assert.ok(held.every((name) => name === originalOf(name)));
    assert.ok(namesOf(train).every((name) => !held.includes(originalOf(name))));
  }
  const { train, test: asked } = splitOf(dataset, 'patient-separated', 1, null);
  assert.deepEqual(namesOf(train), ['106', '118', '106~', '118~']);
  assert.deepEqual(namesOf(asked), ['100']);
  const paper = splitOf(dataset, 'paper', 1, null);
  assert.deepEqual(namesOf(paper.test).sort(), ['100', '106', '118']);

  const sampling = { shares: { N: 0.5, V: 0.5 }, irregular: 0.3, block: 0.3, recordPower: 0.5 };
  const shareOfCopies = (noisyCopies: number): number => {
    const drawn = new BalancedSampler(dataset, whole.train, { ...sampling, noisyCopies, epochExamples: 0 });
    const beats = drawn.draw(20_000, 1);
    return beats.filter((beat) => record[beat]! > 2).length / beats.length;
  };
  assert.ok(Math.abs(shareOfCopies(0.5) - 1 / 3) < 0.02);
  assert.ok(Math.abs(shareOfCopies(1) - 1 / 2) < 0.02);
});

test('noise is the same each time, another for another record, and comes without a step', needs, () => {
  const silence = () => [new Float32Array(60_000), new Float32Array(60_000)];
  const beats = Array.from({ length: 160 }, (_, i) => ({ sample: 200 + 360 * i, code: 1 }));
  const noisy = (name: string): Float32Array[] => {
    const leads = silence();
    for (const lead of leads) for (const { sample } of beats) lead[sample] = 1;
    addRecordedNoise(noisyCopyOf(name), leads, beats);
    for (const lead of leads) for (const { sample } of beats) lead[sample]! -= 1;
    return leads;
  };
  const [first, second] = noisy('118');
  assert.deepEqual(noisy('118'), [first, second]);
  assert.notDeepEqual(noisy('119')[0], first);
  assert.notDeepEqual(second, first);
  // Where one stretch ends and the next begins there is none.
  for (let i = 7200; i < 60_000; i += 7200) assert.ok(Math.abs(first![i]!) < 1e-6);
  assert.ok(first!.every(Number.isFinite));
});

test('noise that the stress test plays is never heard', needs, () => {
  // Seven stretches, looked for in the noise records.
  const lead = new Float32Array(7 * 7200);
  const beats = Array.from({ length: 100 }, (_, i) => ({ sample: 200 + 360 * i, code: 1 }));
  for (const { sample } of beats) lead[sample] = 1;
  addRecordedNoise('any~', [lead], beats);
  for (const { sample } of beats) lead[sample]! -= 1;
  const noises = ['ma', 'bw', 'em'].flatMap((name) => readRecord(name).leads);
  let found = 0;
  for (let from = 3400; from < lead.length; from += 7200) {
    const middle = lead.subarray(from, from + 200);
    if (middle.every((value) => value === 0)) continue;
    const seconds = noises.flatMap((noise) => placesOf(middle, noise)).map((place) => place / 360);
    assert.ok(seconds.length > 0);
    for (const second of seconds) assert.ok(second < 300 || (second - 300) % 240 >= 120, `${second} s`);
    found++;
  }
  assert.ok(found > 2);
});

/** Where a stretch lies in the noise, whatever its gain and offset: correlated nearly one or minus one. */
function placesOf(stretch: Float32Array, noise: Float32Array): number[] {
  const n = stretch.length;
  const mean = stretch.reduce((sum, value) => sum + value, 0) / n;
  const centred = stretch.map((value) => value - mean);
  const power = centred.reduce((sum, value) => sum + value * value, 0);
  const found: number[] = [];
  let [sum, squares] = [0, 0];
  for (let end = 0; end < noise.length; end++) {
    sum += noise[end]!;
    squares += noise[end]! ** 2;
    if (end >= n) {
      sum -= noise[end - n]!;
      squares -= noise[end - n]! ** 2;
    }
    if (end < n - 1) continue;
    const variance = squares - (sum * sum) / n;
    if (variance < 1e-6) continue;
    let dot = 0;
    const first = end - n + 1;
    for (let i = 0; i < n; i++) dot += centred[i]! * noise[first + i]!;
    if (Math.abs(dot) > 0.9999 * Math.sqrt(power * variance)) found.push(first);
  }
  return found;
}
