/** The results as a table for the terminal, the paper's figures at the end of each line. */
import { paperFigures } from '../evaluate/paper-table.ts';
import type { ResultRow } from '../evaluate/result-row.ts';
import { NETWORK_NAMES } from '../presets/catalog.ts';
import { megabytes, methodTitle, paperShare, share } from './figures.ts';

export function summary(rows: readonly ResultRow[]): string {
  if (rows.length === 0) return 'no results yet: npm run trainer -- train, then export --publish';
  const lines: string[] = [];
  let heading = '';
  for (const row of [...rows].sort(byNetwork)) {
    const title = `${row.protocol}, ${methodTitle({ method: row.method })}`;
    if (title !== heading) {
      lines.push(`${heading === '' ? '' : '\n'}${title}`, HEADER);
      heading = title;
    }
    lines.push(lineOf(row));
  }
  lines.push(
    '',
    'precision and recall: macro averages, then weighted by class; sizes in MB of the ONNX file and its ZIP',
  );
  return lines.join('\n');
}

function lineOf(row: ResultRow): string {
  const { weightedPrecision, weightedRecall } = row.metrics;
  const paper = paperFigures(row.network, row.method, row.protocol);
  return [
    row.network.padEnd(16),
    ...[row.accuracy, row.precision, row.recall, weightedPrecision, weightedRecall].map((value) =>
      share(value).padStart(9),
    ),
    megabytes(row.fileBytes).padStart(10),
    megabytes(row.archiveBytes).padStart(10),
    paper === null
      ? '   -'
      : `   ${[paper.accuracy, paper.precision, paper.recall].map(paperShare).join(' ')}, ${paper.megabytes} MB`,
    row.variant === undefined ? '' : `  ${row.variant}`,
  ].join('');
}

const HEADER = [
  'network'.padEnd(16),
  ...['accuracy', 'prec.', 'recall', 'w.prec.', 'w.recall'].map((text) => text.padStart(9)),
  'file'.padStart(10),
  'archive'.padStart(10),
  '   the paper: acc. prec. recall, size',
].join('');

function byNetwork(a: ResultRow, b: ResultRow): number {
  const order = NETWORK_NAMES.indexOf(a.network) - NETWORK_NAMES.indexOf(b.network);
  return a.protocol.localeCompare(b.protocol) || a.method.localeCompare(b.method) || order;
}
