/** A score report as one HTML page that needs nothing else: tables, and a strip for every wrong beat. */
import { type BeatPair, cellOf } from '@rhythmd/ecg/ec57/compare-beats.ts';
import type { RecordScore } from '@rhythmd/ecg/ec57/score.ts';
import { drawStrip, SCALE_TEXT, type StripMark } from '@rhythmd/ecg/paper/strip.ts';
import { escapeMarkup, PATTERN_DEFINITIONS, toSvg } from '@rhythmd/ecg/paper/svg.ts';
import { locateRecord, readRecord } from '@rhythmd/records/read-record.ts';
import { clockTime } from './clock-time.ts';
import type { ScoreReport } from './score-files.ts';
import {
  matrixTable,
  rhythmTable,
  STATISTICS_NOTE,
  setName,
  statisticsTable,
  type Table,
} from './score-tables.ts';
import { scoreTitle } from './score-text.ts';
import {
  chooseStrips,
  MAX_STRIPS_PER_RECORD,
  nameOf,
  stripsOf,
  type WrongStrip,
  wrongBeats,
} from './wrong-beats.ts';

const RIGHT_COLOUR = '#555555';
const WRONG_COLOUR = '#c00020';

/** @throws RhythmdError as readRecord */
export function scorePage(report: ScoreReport, maxStripsPerRecord = MAX_STRIPS_PER_RECORD): string {
  const sets = report.unpaced === null ? [report.all] : [report.all, report.unpaced];
  const title = escapeMarkup(scoreTitle(report));
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title><style>${PAGE_STYLE}</style></head><body>`,
    // Referenced by every strip, so it must be rendered, however small.
    `<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0" class="patterns">${PATTERN_DEFINITIONS}</svg>`,
    `<h1>${title}</h1>`,
    ...sets.map((set) => matrixHtml(matrixTable(setName(set), set.gross.matrix))),
    ...sets.map((set) => tableHtml(rhythmTable(set))),
    tableHtml(statisticsTable(report)),
    `<p>${escapeMarkup(STATISTICS_NOTE)}</p>`,
    '<h2>Beats that are wrong</h2>',
    '<p>Above each strip the reference, below it the test; red where they differ. ' +
      'A cell such as <b>Vn</b> reads: reference V, test n; o nothing there, x nothing there in a shutdown; ' +
      `row O extra beats. ${escapeMarkup(SCALE_TEXT)}, first signal.</p>`,
    ...report.records.map((score, index) =>
      recordHtml(
        score,
        locateRecord(report.request.records[index] ?? score.record, report.request.folders),
        maxStripsPerRecord,
      ),
    ),
    '</body></html>',
  ].join('\n');
}

function recordHtml(score: RecordScore, path: string, maxStrips: number): string {
  const wrong = wrongBeats(score.pairs);
  const name = escapeMarkup(score.record);
  if (wrong.length === 0) return `<p class="clean">${name}: every beat right</p>`;
  const record = readRecord(path);
  const strips = stripsOf(wrong, record.rateHz, record.sampleCount);
  const shown = chooseStrips(strips, maxStrips);
  const cells = new Map<string, number>();
  for (const { cell } of wrong) cells.set(cell, (cells.get(cell) ?? 0) + 1);
  const counts = [...cells].sort((a, b) => b[1] - a[1]).map(([cell, count]) => `${cell} ${count}`);
  const left = strips.length - shown.length;
  return [
    `<details id="r${name}"><summary>${name}: ${wrong.length} wrong (${counts.join(', ')})</summary>`,
    left === 0
      ? ''
      : `<p>${shown.length} of ${strips.length} strips are shown, every kind of error among them (--strips shows more).</p>`,
    '<div class="strips">',
    ...shown.map((strip) =>
      toSvg(
        drawStrip({
          title: stripTitle(score.record, strip, record.rateHz),
          footer: '',
          rateHz: record.rateHz,
          first: strip.first,
          count: strip.count,
          leads: [{ name: record.leadNames[0] ?? '', samples: record.leads[0] ?? new Float32Array(0) }],
          marks: score.pairs.flatMap((pair) => marksOf(pair, strip)),
        }),
        { definitions: false },
      ),
    ),
    '</div></details>',
  ].join('\n');
}

function stripTitle(record: string, strip: WrongStrip, rateHz: number): string {
  const errors = strip.wrong.map(({ sample, cell }) => `${cell} ${clockTime(sample / rateHz)}`);
  const shown = errors.slice(0, 6);
  const more = errors.length > shown.length ? ` and ${errors.length - shown.length} more` : '';
  return `${record}  ${clockTime(strip.first / rateHz)}   ${shown.join(', ')}${more}`;
}

function marksOf(pair: BeatPair, strip: WrongStrip): StripMark[] {
  const anchor = pair.reference?.sample ?? pair.test?.sample ?? 0;
  if (anchor < strip.first - strip.count || anchor > strip.first + 2 * strip.count) return [];
  const { row, column } = cellOf(pair);
  const isWrong = row !== column;
  const colour = isWrong ? WRONG_COLOUR : RIGHT_COLOUR;
  const marks: StripMark[] = [];
  if (pair.reference) {
    marks.push({
      sample: pair.reference.sample,
      text: nameOf(pair, 'reference'),
      row: 'over',
      colour,
      line: isWrong,
    });
  }
  if (pair.test) {
    const line = isWrong && pair.reference === null;
    marks.push({ sample: pair.test.sample, text: nameOf(pair, 'test'), row: 'under', colour, line });
  }
  return marks;
}

function tableHtml({ title, head, rows }: Table): string {
  const cells = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escapeMarkup(cell)}</${tag}>`).join('')}</tr>`;
  return (
    `<table><caption>${escapeMarkup(title)}</caption><thead>${cells('th', head)}</thead>` +
    `<tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table>`
  );
}

/** The diagonal green, errors red: the deeper, the larger their share of the row. */
function matrixHtml({ title, head, rows }: Table): string {
  const body = rows.map(([letter = '', ...counts], row) => {
    const total = counts.reduce((sum, count) => sum + Number(count), 0);
    const cells = counts.map((count, column) => {
      if (count === '0') return '<td class="none">0</td>';
      const share = total === 0 ? 0 : Number(count) / total;
      const colour = row === column ? '40,150,70' : '200,0,30';
      return `<td style="background:rgba(${colour},${(0.12 + 0.6 * share).toFixed(2)})">${count}</td>`;
    });
    return `<tr><th>${letter}</th>${cells.join('')}</tr>`;
  });
  return (
    `<table class="matrix"><caption>${escapeMarkup(title)}</caption>` +
    `<thead><tr>${head.map((cell) => `<th>${cell}</th>`).join('')}</tr></thead><tbody>${body.join('')}</tbody></table>`
  );
}

const PAGE_STYLE = `
body { font: 15px/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 1.5rem auto; padding: 0 1rem; max-width: 78rem; }
h1 { font-size: 1.25rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; font-size: .85rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { padding: .12rem .55rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
thead th { border-bottom: 1px solid #888; }
tbody tr:nth-child(even) { background: #f6f6f6; }
.matrix { display: inline-table; margin-right: 3rem; }
.matrix tbody tr { background: none; }
.matrix td { min-width: 3.4rem; }
.none { color: #aaa; }
details { border-top: 1px solid #ddd; padding: .35rem 0; }
summary { cursor: pointer; font-weight: 600; }
.strips { display: flex; flex-wrap: wrap; gap: .8rem; margin: .6rem 0; }
.strips svg { max-width: 100%; height: auto; }
.clean { color: #2a7a3a; margin: .3rem 0; }
.patterns { position: absolute; }
@media print { details { break-inside: avoid; } }
`;
