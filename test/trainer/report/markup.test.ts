import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHtml } from '@rhythmd/trainer/report/html.ts';
import { toMarkdown } from '@rhythmd/trainer/report/markdown.ts';
import { escapeMarkdown, escapeMarkup } from '@rhythmd/trainer/report/markup.ts';
import { reportDocument } from '@rhythmd/trainer/report/report.ts';
import { madeUpResult } from '../../support/made-up-results.ts';

const HOSTILE = `<script>alert("1 & 2")</script> ' | \`x\` [a](b) \n* end`;

test('what was text stays text', () => {
  assert.equal(
    escapeMarkup(`<a href="x" title='y'>&`),
    '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;',
  );
  assert.equal(
    escapeMarkdown('a|b <i> *c* _d_ `e` [f]\n g'),
    'a\\|b \\<i\\> \\*c\\* \\_d\\_ \\`e\\` \\[f\\] g',
  );
});

test('markup in a row reaches neither page nor tables', () => {
  const row = madeUpResult('beatnet', 'paper', 'quantized', {
    machine: HOSTILE,
    revision: HOSTILE,
    command: HOSTILE,
    variant: HOSTILE,
  });
  const document = reportDocument(
    [row, { ...row, method: 'curve', network: 'mobilenetv2', archiveBytes: 1e6 }],
    null,
  );
  const html = toHtml(document);
  assert.ok(html.includes('&lt;script&gt;'));
  assert.ok(!/<script|<i>|" & /.test(html));
  const markdown = toMarkdown(document);
  // Inside code nothing is read as markup.
  const outsideCode = markdown.replace(/(`+) ?[\s\S]*?[^`]\1(?!`)/g, '');
  assert.ok(!/(?<!\\)<script/.test(outsideCode));
  for (const grid of markdown.match(/(?:^\|.*\n)+/gm) ?? []) {
    const widths = grid
      .trim()
      .split('\n')
      .map((line) => line.split(/(?<!\\)\|/).length);
    assert.equal(new Set(widths).size, 1, grid.slice(0, 200));
  }
});
