import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Line } from '@rhythmd/ecg/paper/drawing.ts';
import { drawStrip } from '@rhythmd/ecg/paper/strip.ts';
import { toSvg } from '@rhythmd/ecg/paper/svg.ts';
import { textWidth } from '@rhythmd/ecg/paper/text-width.ts';
import { traceLines } from '@rhythmd/ecg/paper/trace.ts';

const box = { x: 0, y: 0, heightMm: 40 };
const yOf = ({ points }: Line) => points.filter((_, i) => i % 2 === 1);
const xOf = ({ points }: Line) => points.filter((_, i) => i % 2 === 0);

test('25 mm a second and 10 mm a millivolt', () => {
  const signal = new Float32Array(1000);
  signal[500] = 1;
  const [line] = traceLines(signal, 0, 1000, 500, box);
  assert.ok(line);
  assert.ok(Math.abs(Math.max(...xOf(line)) - (999 / 500) * 25) < 0.31);
  assert.equal(Math.min(...yOf(line)), 10);
  assert.equal(Math.max(...yOf(line)), 20);
});

test('no peak is lost to the drawing, however many samples', () => {
  const signal = new Float32Array(100_000);
  signal[77_777] = 1.5;
  const points = traceLines(signal, 0, 100_000, 1000, box).flatMap(yOf);
  assert.equal(Math.min(...points), 5);
});

test('lost samples interrupt the line, a signal of nothing else draws none', () => {
  const signal = new Float32Array(1000).fill(Number.NaN, 400, 600);
  assert.equal(traceLines(signal, 0, 1000, 360, box).length, 2);
  assert.deepEqual(traceLines(new Float32Array(100).fill(Number.NaN), 0, 100, 360, box), []);
  assert.deepEqual(traceLines(new Float32Array(0), 0, 0, 360, box), []);
});

test('what leaves the paper is drawn on its edge', () => {
  const signal = new Float32Array(100);
  signal[50] = 99;
  assert.equal(Math.min(...traceLines(signal, 0, 100, 360, box).flatMap(yOf)), 0);
});

test('a strip as SVG: markup escaped, marks outside left out', () => {
  const svg = toSvg(
    drawStrip({
      title: '<b>&"',
      footer: '',
      rateHz: 100,
      first: 100,
      count: 200,
      leads: [{ name: 'II', samples: new Float32Array(500) }],
      marks: [
        { sample: 150, text: 'V', row: 'over', colour: '#000000', line: true },
        { sample: 50, text: 'outside', row: 'under', colour: '#000000' },
      ],
    }),
  );
  assert.match(svg, /&lt;b&gt;&amp;&quot;/);
  assert.match(
    svg,
    /textLength="\d+" lengthAdjust="spacingAndGlyphs"[^>]*>&lt;b&gt;/,
    'as wide as reckoned with, in any font',
  );
  assert.match(svg, /width="50mm"/);
  assert.match(svg, />V</);
  assert.doesNotMatch(svg, /outside|NaN|undefined/);
});

test('words below a strip never run into each other, and none leaves the paper', () => {
  const mark = (sample: number, text: string) => ({ sample, text, row: 'under' as const, colour: '#000000' });
  const { items, widthMm } = drawStrip({
    title: '',
    footer: '',
    rateHz: 100,
    first: 0,
    count: 1000,
    leads: [{ name: 'II', samples: new Float32Array(1000) }],
    marks: [
      mark(0, 'atrial fibrillation'),
      mark(20, 'ventricular bigeminy'),
      mark(25, 'ventricular trigeminy'),
      mark(900, 'ventricular tachycardia or run'),
      mark(990, 'supraventricular tachyarrhythmia'),
      mark(999, 'MLII noisy, V1 off'),
    ],
    pulse: true,
  });
  const below = items.flatMap((item) =>
    item.kind === 'text' && item.anchor === 'middle'
      ? [
          {
            from: item.x - textWidth(item.text, item.sizeMm) / 2,
            to: item.x + textWidth(item.text, item.sizeMm) / 2,
          },
        ]
      : [],
  );
  assert.ok(below.length >= 4, JSON.stringify(below));
  for (const [i, { from, to }] of below.entries()) {
    assert.ok(from >= -1e-9 && to <= widthMm + 1e-9, JSON.stringify(below));
    if (i > 0) assert.ok(from > below[i - 1]!.to, JSON.stringify(below));
  }
});

test('the pulse is 10 mm high and 5 mm wide, and the signal begins behind it', () => {
  const strip = {
    title: '',
    footer: '',
    rateHz: 100,
    first: 0,
    count: 100,
    leads: [{ name: 'II', samples: new Float32Array(100) }],
    marks: [],
  };
  const lines = drawStrip({ ...strip, pulse: true }).items.filter(
    (item): item is Line => item.kind === 'line',
  );
  assert.equal(lines.length, 2);
  const pulse = lines[1]!;
  assert.equal(Math.max(...yOf(pulse)) - Math.min(...yOf(pulse)), 10);
  assert.equal(xOf(pulse)[4]! - xOf(pulse)[1]!, 5);
  assert.ok(Math.min(...xOf(lines[0]!)) >= Math.max(...xOf(pulse)));
});
