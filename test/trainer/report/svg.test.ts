import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countAxis,
  errorAxis,
  fixedLogAxis,
  logAxis,
  withinErrorAxis,
} from '@rhythmd/trainer/report/axes.ts';
import type { Block } from '@rhythmd/trainer/report/document.ts';
import { type Axis, type Plot, positionOn } from '@rhythmd/trainer/report/plot.ts';
import { reportDocument } from '@rhythmd/trainer/report/report.ts';
import { FRAMES, plotSvg } from '@rhythmd/trainer/report/svg.ts';
import { madeUpResult, madeUpResults } from '../../support/made-up-results.ts';

function holds(axis: Axis, values: readonly number[]): void {
  for (const value of [...values, ...axis.ticks]) {
    const at = positionOn(axis, value);
    assert.ok(at >= 0 && at <= 1, `${value} lies at ${at} of ${axis.min} to ${axis.max}`);
  }
  assert.ok(axis.ticks.length >= 2 && axis.ticks.length <= 14, `${axis.ticks.length} ticks`);
  assert.deepEqual([positionOn(axis, axis.min), positionOn(axis, axis.max)], [0, 1]);
}

test('an axis holds its values, from one to all, however extreme', () => {
  for (const values of [[0.5], [0.04, 497], [1e-6], [3e-5, 3.1e-5], [1, 10, 100], [999, 1001]]) {
    holds(logAxis('size', values, String), values);
  }
  for (const shares of [[0], [1], [0, 1], [0.93], [0.98, 0.985], [0.99985], [0.999999], [0.9, 0.95]]) {
    const shown = shares.map(withinErrorAxis);
    holds(errorAxis('accuracy', shown, String), shown);
  }
  holds(fixedLogAxis('archive', 0.05, 2, String), [0.05, 0.3, 2]);
  for (const epochs of [2, 5, 30, 400]) holds(countAxis('epoch', epochs), [1, epochs]);
});

function plotsOf(blocks: readonly Block[]): Plot[] {
  return blocks.flatMap((block): Plot[] => {
    if (block.kind === 'plot') return [block.plot];
    return block.kind === 'row' || block.kind === 'fold' ? plotsOf(block.blocks) : [];
  });
}

test('every point of every plot lies within its axes, and none is lost', () => {
  const perfect = madeUpResult('mobilenetv2', 'paper', 'distilled', { accuracy: 1 });
  for (const rows of [madeUpResults(), [], [perfect]]) {
    const plots = reportDocument(rows, null).sections.flatMap(({ blocks }) => plotsOf(blocks));
    assert.ok(plots.length >= 1);
    for (const plot of plots) {
      const { width, height, left, right, top, bottom } = FRAMES[plot.size];
      const svg = plotSvg(plot);
      assert.ok(!/NaN|Infinity|undefined/.test(svg), plot.title);
      const marks = [...svg.matchAll(/class="mark[^"]*" transform="translate\(([\d.-]+) ([\d.-]+)\)"/g)];
      assert.equal(
        marks.length,
        plot.series.reduce((sum, { points }) => sum + points.length, 0),
      );
      for (const [, x, y] of marks) {
        assert.ok(Number(x) >= left && Number(x) <= width - right, `${plot.title}: x ${x}`);
        assert.ok(Number(y) >= top && Number(y) <= height - bottom, `${plot.title}: y ${y}`);
      }
    }
  }
});

test('smaller is further left, more accurate further up', () => {
  const size = logAxis('size', [0.1, 100], String);
  assert.ok(positionOn(size, 0.2) < positionOn(size, 0.3));
  const accuracy = errorAxis('accuracy', [0.9, 0.99], String);
  assert.ok(positionOn(accuracy, 0.92) < positionOn(accuracy, 0.98));
});
