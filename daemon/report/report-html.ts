/** A report as one HTML page that needs nothing else. */
import { escapeMarkup, PATTERN_DEFINITIONS, toSvg } from '@rhythmd/ecg/paper/svg.ts';
import type { Block } from './block.ts';
import type { FinishedReport } from './finished-report.ts';
import { reportBlocks } from './report-blocks.ts';

/** Yields it piece by piece: a day's strips need not be in memory together. */
export function* reportHtml(report: FinishedReport): Generator<string> {
  yield '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>ECG report</title><style>${STYLE}</style></head><body><main>` +
    // Referenced by every strip, so it must be rendered, however small.
    `<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0" class="patterns" aria-hidden="true">${PATTERN_DEFINITIONS}</svg>\n`;
  for (const block of reportBlocks(report)) yield `${html(block)}\n`;
  yield '</main></body></html>\n';
}

function html(block: Block): string {
  switch (block.kind) {
    case 'title':
      return `<h1>${escapeMarkup(block.text)}</h1>`;
    case 'heading':
      return `<h2>${escapeMarkup(block.text)}</h2>`;
    case 'text':
      return `<p>${escapeMarkup(block.text)}</p>`;
    case 'facts':
      return `<table class="facts">${block.rows
        .map(
          ([label, value]) =>
            `<tr><th scope="row">${escapeMarkup(label)}</th><td>${escapeMarkup(value)}</td></tr>`,
        )
        .join('')}</table>`;
    case 'table':
      return `<div class="wide"><table class="figures">${tableHead(block.head)}<tbody>${block.rows
        .map((cells) => `<tr>${cells.map((cell) => `<td>${escapeMarkup(cell)}</td>`).join('')}</tr>`)
        .join('')}</tbody></table></div>`;
    case 'drawing':
      return `<figure>${toSvg(block.drawing, { definitions: false })}</figure>`;
  }
}

function tableHead(head: readonly string[]): string {
  return `<thead><tr>${head.map((cell) => `<th scope="col">${escapeMarkup(cell)}</th>`).join('')}</tr></thead>`;
}

const STYLE = `
body { font: 15px/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 1.5rem auto; padding: 0 1rem; max-width: 60rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 1.8rem 0 .4rem; border-bottom: 1px solid #888; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; margin: .6rem 0; }
th, td { padding: .15rem .5rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
.facts th { font-weight: 400; color: #555; vertical-align: top; white-space: nowrap; }
.facts td { text-align: left; }
.figures thead th { border-bottom: 1px solid #888; vertical-align: bottom; }
.figures tbody tr:nth-child(even) { background: #f4f4f4; }
.wide { overflow-x: auto; }
p { font-size: .9rem; }
figure { margin: .8rem 0; break-inside: avoid; }
figure svg { max-width: 100%; height: auto; }
.patterns { position: absolute; }
@media print { body { margin: 0; max-width: none; font-size: 12px; } h2 { break-after: avoid; } tr { break-inside: avoid; } @page { size: A4; margin: 12mm; } }
`;
