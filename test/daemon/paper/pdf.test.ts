import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { toPdf } from '@rhythmd/daemon/paper/pdf.ts';
import { paginate, stack } from '@rhythmd/daemon/paper/strip-pages.ts';
import type { Drawing } from '@rhythmd/ecg/paper/drawing.ts';

const drawing: Drawing = {
  widthMm: 100,
  heightMm: 40,
  items: [
    { kind: 'grid', x: 0, y: 0, width: 100, height: 40 },
    { kind: 'line', points: [0, 0, 10, 20], strokeMm: 0.2, colour: '#ff0000' },
    { kind: 'text', x: 5, y: 6, sizeMm: 3, colour: '#000000', anchor: 'start', text: 'a (b) \\ →' },
  ],
};

test('every object is where the table of references says, every stream as long as it says', () => {
  const bytes = Buffer.from(toPdf([drawing, drawing]));
  const text = bytes.toString('latin1');
  assert.match(text, /^%PDF-1\.4\n/);
  const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1]);
  assert.ok(text.slice(table).startsWith('xref\n0 9\n'));
  const offsets = [...text.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map((match) => Number(match[1]));
  assert.equal(offsets.length, 8);
  for (const [index, offset] of offsets.entries())
    assert.ok(text.slice(offset).startsWith(`${index + 1} 0 obj\n`));
  assert.match(text, /\/Count 2 \/Kids \[5 0 R 7 0 R\]/);
  const streams = [...text.matchAll(/\/Length (\d+) \/Filter \/FlateDecode >>\nstream\n/g)];
  assert.equal(streams.length, 2);
  for (const match of streams) {
    const from = match.index + match[0].length;
    assert.ok(text.slice(from + Number(match[1])).startsWith('\nendstream'));
    const content = inflateSync(bytes.subarray(from, from + Number(match[1]))).toString('latin1');
    assert.match(content, /1 0 0 RG 0\.2 w/);
    assert.match(content, /\(a \\\(b\\\) \\\\ \?\) Tj/);
    assert.doesNotMatch(content, /NaN|undefined/);
  }
});

test('a millimetre is a millimetre', () => {
  const [, width, height] = /MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(
    Buffer.from(toPdf([drawing])).toString('latin1'),
  )!;
  assert.deepEqual(
    [width, height].map((value) => Math.round((Number(value) / 72) * 25.4)),
    [297, 210],
  );
});

test('rows go on pages, in order; one that is too high has its own', () => {
  const row = (heightMm: number): Drawing => ({ widthMm: 10, heightMm, items: [] });
  const pages = [...paginate([row(40), row(40), row(40), row(300), row(10)], 100)];
  assert.deepEqual(
    pages.map(({ heightMm }) => heightMm),
    [83, 40, 300, 10],
  );
  assert.deepEqual([...paginate([], 100)], []);
  const [, line] = stack([row(40), drawing]).items;
  assert.deepEqual(line?.kind === 'line' && line.points, [0, 43, 10, 63]);
});
