/** The same rows give the same report, and its two renderings the same figures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Document } from '@rhythmd/trainer/report/document.ts';
import { toHtml } from '@rhythmd/trainer/report/html.ts';
import { toMarkdown } from '@rhythmd/trainer/report/markdown.ts';
import { reportDocument } from '@rhythmd/trainer/report/report.ts';
import { madeUpResult, madeUpResults } from '../../support/made-up-results.ts';

const speed = {
  pytorch: '1.13',
  steps: [{ network: 'resnet101', batch: 31, ours_ms: 900, pytorch_ms: 1800, ratio: 2, peak_rss_mb: 3900 }],
};

/** Every table's rows as the texts of their cells. */
function tablesOfHtml(html: string): string[][][] {
  const text = (markup: string): string =>
    markup
      .replace(/<[^>]*>/g, '')
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&amp;/g, '&');
  return [...html.matchAll(/<tbody>([\s\S]*?)<\/tbody>/g)].map(([, body]) =>
    [...body!.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
      [...row!.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell]) => text(cell!)),
    ),
  );
}

function tablesOfMarkdown(markdown: string): string[][][] {
  return (markdown.match(/(?:^\|.*\n)+/gm) ?? []).map((grid) =>
    grid
      .trim()
      .split('\n')
      .slice(2)
      .map((line) =>
        line
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((cell) => cell.trim().replace(/\\(.)/g, '$1')),
      ),
  );
}

function rendered(document: Document): { html: string; markdown: string } {
  return { html: toHtml(document), markdown: toMarkdown(document) };
}

test('HTML and Markdown hold the same tables with the same figures', () => {
  for (const rows of [madeUpResults(), madeUpResults().slice(0, 5), []]) {
    const { html, markdown } = rendered(reportDocument(rows, speed));
    const tables = tablesOfHtml(html);
    assert.ok(tables.length >= 8);
    assert.deepEqual(tablesOfMarkdown(markdown), tables);
    assert.ok(!/NaN|Infinity|undefined/.test(markdown), 'whatever is missing is said in words');
  }
});

test('a network with more instructions than a beat has cycles cannot keep up, and no other is said to', () => {
  const whole = { network: 'resnet50', memoryBytes: 1e7, instructions: { arm1176: 9e8, a53: 2e8 } };
  const device = new Map([['resnet50', whole]]);
  const { markdown } = rendered(reportDocument(madeUpResults(), speed, null, { device }));
  assert.match(markdown, /With all channels ResNet50 has less than one and cannot keep up at that rate\./);
  assert.ok(!markdown.includes('In their smallest archives'), 'its smallest has all channels too');
  assert.match(markdown, /^\| ResNet50 \|.*\| 900 \| 200 \| 0\.4 \| 10/m);
});

test('the order of the rows does not matter', () => {
  const forth = rendered(reportDocument(madeUpResults(), speed));
  const back = rendered(reportDocument(madeUpResults().reverse(), speed));
  assert.deepEqual(back, forth);
});

test("without results: the paper's figures, what is not measured, and the commands that would measure it", () => {
  const { markdown } = rendered(reportDocument([], null));
  const row = (network: string, after: string): string => {
    const found = markdown
      .slice(markdown.indexOf(after))
      .split('\n')
      .find((line) => line.startsWith(`| ${network} |`));
    assert.ok(found !== undefined, `${network} in ${after}`);
    return found;
  };
  assert.match(
    row('ResNet50', '## Table 3'),
    /^\| ResNet50 \| 0\.958 \| 0\.961 \| 0\.957 \| 274 \| not measured \| - \| -/,
  );
  assert.match(row('EfficientNetB0', '## Table 6'), /0\.903 \| 0\.905 \| 0\.905 \| 1\.21 \| not measured/);
  assert.ok(!/\| 0 \|/.test(markdown), 'what is not known is never zero');
  assert.match(
    markdown,
    /\*\*0 of 61 targets are met\*\*, 0 are missed, 61 are not measured yet\. Of the 25 rows .* 0 are measured/,
  );
  for (const command of [
    'npm run trainer -- train --net resnet50 --protocol paper && npm run trainer -- export --net resnet50 --protocol paper --publish',
    'npm run trainer -- compress --net mobilenetv2 --protocol patient-separated --method quantized+pruned --publish',
    'npm run bench -- trainer',
  ]) {
    assert.ok(markdown.includes(`\`${command}\``), command);
  }
});

test('the small networks show new patients beside the protocol of the paper, measured or not, and why', () => {
  const rows = [
    madeUpResult('mobilenetv2', 'paper', 'none'),
    madeUpResult('mobilenetv2', 'patient-separated', 'none'),
  ];
  const { markdown } = rendered(reportDocument(rows, null));
  const table = markdown.slice(markdown.indexOf('## Table 3'), markdown.indexOf('## Table 4'));
  const [onPaper, onPatients] = rows.map(({ accuracy }) => accuracy.toFixed(4));
  assert.match(table, new RegExp(`\\| MobileNetV2 \\|.*${onPaper}.*${onPatients}`));
  assert.equal(table.match(/\| EfficientNetB0 .*/)![0].match(/not measured/g)!.length, 2);
  assert.equal(table.match(/\| ResNet50 .*/)![0].match(/not measured/g)!.length, 1);
  for (const number of [3, 4, 5, 6, 7]) {
    const section = markdown.split(`## Table ${number}`)[1]!.split('\n## ')[0]!;
    assert.match(section, /flatters every model/, `table ${number}`);
  }
});

test('every number in a column "made by" is that of a command', () => {
  const { html } = rendered(reportDocument(madeUpResults(), speed));
  const ids = new Set([...html.matchAll(/id="(command-\d+)"/g)].map(([, id]) => id));
  const links = [...html.matchAll(/href="#(command-\d+)"/g)].map(([, id]) => id);
  assert.ok(links.length > 100);
  for (const id of links) assert.ok(ids.has(id), `#${id} leads nowhere`);
});

test('decisions layer by layer are shown, and whatever has another shape is not', () => {
  const whole = madeUpResult('mobilenetv2', 'paper', 'per-layer');
  assert.match(
    toMarkdown(reportDocument([whole], null)),
    /\| dense \| 5 \| - \| 0 % \| 12,345 \| -0\.00003 \|/,
  );
  for (const choices of [null, 7, [], { conv1: null }, { conv1: { bits: 8 } }, { conv1: 'few' }]) {
    const markdown = toMarkdown(reportDocument([{ ...whole, details: { choices } }], null));
    assert.match(markdown, /## Decided layer by layer\n\nNot measured/);
  }
});

test('a row that was measured is cited with its own command', () => {
  const row = madeUpResult('beatnet', 'paper', 'none', { command: 'npm run trainer -- by-its-own-way' });
  const { markdown } = rendered(reportDocument([row], null));
  assert.ok(markdown.includes('`npm run trainer -- by-its-own-way`'));
});
