import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResultRow } from '@rhythmd/trainer/evaluate/result-row.ts';
import {
  assessFloatAccuracy,
  assessIntegers,
  assessLoss,
  assessMemory,
  assessOtherSplits,
  assessQuantizedPrunedSize,
  assessSizeOf,
  assessSmallest,
  assessSpeed,
} from '@rhythmd/trainer/report/assess.ts';
import { CommandList } from '@rhythmd/trainer/report/commands.ts';
import { methodTitle } from '@rhythmd/trainer/report/figures.ts';
import { ResultIndex } from '@rhythmd/trainer/report/result-index.ts';
import { deviceCountOf } from '@rhythmd/trainer/report/sections/cost.ts';
import { madeUpResult } from '../../support/made-up-results.ts';

const nothing = { commands: new CommandList(), speed: null, seeds: [], openings: [] };
const index = (...rows: ResultRow[]): ResultIndex => new ResultIndex(rows);
const net = 'mobilenetv2';

test('what is not measured is neither met nor missed', () => {
  const nothing = index();
  for (const assessment of [
    assessFloatAccuracy(nothing, net),
    assessIntegers(nothing, net),
    assessLoss(index(madeUpResult(net, 'paper', 'quantized')), net, 'quantized'),
    assessSizeOf(nothing, net, 'pruned'),
    assessSpeed(null, net),
    assessSpeed({ pytorch: null, steps: [step(net, 128, 3)] }, net),
  ]) {
    assert.deepEqual([assessment.measured, assessment.isMet], [null, null]);
    assert.notEqual(assessment.mustBe, '');
  }
});

test('a limit itself is met, the least bit beyond it is missed and seen to be', () => {
  const accuracy = (value: number) =>
    assessFloatAccuracy(index(madeUpResult(net, 'paper', 'none', { accuracy: value })), net);
  assert.deepEqual(accuracy(0.985), { measured: '0.9850', mustBe: '≥ 0.985', isMet: true });
  assert.deepEqual(accuracy(0.98497), { measured: '0.984970', mustBe: '≥ 0.985', isMet: false });
  const size = (archiveBytes: number) =>
    assessQuantizedPrunedSize(index(madeUpResult(net, 'paper', 'quantized+pruned', { archiveBytes })), net);
  assert.equal(size(500_000).isMet, true);
  assert.deepEqual(size(500_001), { measured: '0.500001', mustBe: '≤ 0.5', isMet: false });
});

test('the smallest archive may be one of another split, if it names enough of its beats', () => {
  const point = (archiveBytes: number, accuracy: number) =>
    madeUpResult(net, 'paper', 'curve', { archiveBytes, accuracy, seed: 2, variant: 'weights-16000' });
  const first = madeUpResult(net, 'paper', 'quantized+pruned', { archiveBytes: 400_000, accuracy: 0.985 });
  const smallest = (...seeds: ResultRow[]) => assessSmallest(new ResultIndex([first], seeds), net).measured;
  assert.equal(smallest(), '0.400');
  assert.equal(smallest(point(50_000, 0.98)), '0.050');
  assert.equal(smallest(point(50_000, 0.9799)), '0.400');
});

test('of beats drawn anew the worst split decides; the first one does not count, nor do new patients', () => {
  const drawn = (seed: number, accuracy: number) => madeUpResult(net, 'paper', 'none', { seed, accuracy });
  const others = (...seeds: ResultRow[]) =>
    assessOtherSplits(new ResultIndex([drawn(1, 0.9)], seeds), net, 'none');
  assert.deepEqual(others(madeUpResult(net, 'patient-separated', 'none', { seed: 2 })).isMet, null);
  assert.deepEqual(others(drawn(2, 0.987), drawn(3, 0.986)), {
    measured: '0.9860',
    mustBe: '≥ 0.985',
    isMet: true,
  });
  assert.equal(others(drawn(2, 0.987), drawn(3, 0.9846)).isMet, false);
});

test('a recipe of another split alone is found among the recipes drawn again', () => {
  const row = madeUpResult(net, 'paper', 'none');
  const again = madeUpResult(net, 'paper', 'none', { seed: 2 });
  const alone = [3, 2].map((seed) => madeUpResult(net, 'paper', 'pruned', { seed }));
  const results = new ResultIndex([row, madeUpResult(net, 'paper', 'quantized')], [again, ...alone]);
  assert.deepEqual(
    results.drawnAgain().map((draws) => draws.map(({ method, seed }) => `${method} ${seed}`)),
    [
      ['none 1', 'none 2'],
      ['pruned 2', 'pruned 3'],
    ],
  );
});

test('a recipe of another split alone stands in the tables, with its lowest seed, and says its split', () => {
  const first = madeUpResult(net, 'paper', 'none');
  const elsewhere = [3, 2].map((seed) => madeUpResult(net, 'paper', 'post-training-quantized', { seed }));
  const again = madeUpResult(net, 'paper', 'none', { seed: 2 });
  const results = new ResultIndex([first], [again, ...elsewhere]);
  assert.equal(results.find(net, 'paper', 'none'), first);
  const shown = results.find(net, 'paper', 'post-training-quantized');
  assert.equal(shown?.seed, 2);
  assert.equal(methodTitle(shown!), 'quantized after training, split 2');
  assert.equal(methodTitle(madeUpResult(net, 'patient-separated', 'pruned', { seed: 3 })), 'pruned, seed 3');
});

test("the device's counts: the row's own, those of its recipe on another split, those of the whole network", () => {
  const onDevices = { memoryBytes: 1000, instructions: { a53: 1, arm1176: 2 } };
  const whole = madeUpResult(net, 'paper', 'none', { parameters: 100 });
  const narrow = { variant: 'weights-16000', parameters: 40, agreementWithFake: 1 };
  const point = madeUpResult(net, 'paper', 'curve', narrow);
  const again = madeUpResult(net, 'paper', 'curve', { ...narrow, parameters: 41, seed: 2 });
  const device = new Map([[net, { network: net, memoryBytes: 5, instructions: null }]]);
  const countOf = (row: ResultRow, ...seeds: ResultRow[]) =>
    deviceCountOf({ ...nothing, results: new ResultIndex([whole, point], seeds), device }, row);
  assert.equal(countOf(point, again), null);
  assert.equal(countOf(point, { ...again, onDevices }), onDevices);
  assert.equal(countOf({ ...point, onDevices }, again), onDevices);
  assert.equal(countOf({ ...whole, agreementWithFake: 1 })?.memoryBytes, 5);
});

test("the paper's quantized size is compared with the file, the pruned one with the archive", () => {
  const bytes = { fileBytes: 2_000_000, archiveBytes: 3_000_000 };
  const results = index(
    madeUpResult(net, 'paper', 'quantized', bytes),
    madeUpResult(net, 'paper', 'pruned', bytes),
  );
  assert.equal(assessSizeOf(results, net, 'quantized').isMet, true);
  assert.equal(assessSizeOf(results, net, 'pruned').isMet, false);
});

test('half a point of accuracy may be lost; gaining is no loss', () => {
  const lost = (accuracy: number) =>
    assessLoss(
      index(
        madeUpResult(net, 'paper', 'none', { accuracy: 0.99 }),
        madeUpResult(net, 'paper', 'pruned', { accuracy }),
      ),
      net,
      'pruned',
    ).isMet;
  assert.deepEqual([lost(0.995), lost(0.986), lost(0.984)], [true, true, false]);
});

test('the worst integer model counts', () => {
  const results = index(
    madeUpResult(net, 'paper', 'quantized', { agreementWithFake: 0.9999 }),
    madeUpResult(net, 'patient-separated', 'quantized+pruned', { agreementWithFake: 0.9985 }),
  );
  assert.deepEqual(assessIntegers(results, net), { measured: '99.850 %', mustBe: '≥ 99.9 %', isMet: false });
});

test('speed is judged in the batch of the paper, memory of one network only', () => {
  const speed = { pytorch: '1', steps: [step(net, 31, 1.9), step(net, 128, 3), step('resnet101', 31, 1.3)] };
  assert.equal(assessSpeed(speed, net).isMet, false);
  assert.equal(assessSpeed(speed, 'resnet101').isMet, true);
  assert.equal(assessMemory(speed, net), null);
  assert.equal(assessMemory(speed, 'resnet101')!.isMet, true);
});

function step(network: string, batch: number, ratio: number) {
  return { network, batch, ours_ms: 100, pytorch_ms: 100 * ratio, ratio, peak_rss_mb: 3999 };
}
