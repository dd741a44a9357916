import { paperFigures } from '../evaluate/paper-table.ts';
import { type ResultRow, readResults } from '../evaluate/results.ts';
import { NETWORK_NAMES } from '../nets/catalog.ts';
import { parseOptions } from './arguments.ts';

const USAGE = `npm run trainer -- report [--json]
Prints the results in trainer/results/ beside the paper's tables.`;

/** Sizes of archives count 1,000,000 bytes a megabyte. */
const MEGABYTE = 1e6;

export async function run(args: string[]): Promise<number> {
  const values = parseOptions(args, { json: { type: 'boolean' }, help: { type: 'boolean' } });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const rows = readResults().sort(byNetwork);
  if (values.json === true) {
    const withPaper = rows.map((row) => ({
      ...row,
      paper: paperFigures(row.network, row.method, row.protocol),
    }));
    console.log(JSON.stringify({ rows: withPaper }, null, 1));
  } else console.log(formatReport(rows));
  return 0;
}

function byNetwork(a: ResultRow, b: ResultRow): number {
  const order = NETWORK_NAMES.indexOf(a.network) - NETWORK_NAMES.indexOf(b.network);
  return a.protocol.localeCompare(b.protocol) || a.method.localeCompare(b.method) || order;
}

function formatReport(rows: readonly ResultRow[]): string {
  if (rows.length === 0) return 'no results yet: npm run trainer -- train, then export --publish';
  const lines: string[] = [];
  let heading = '';
  for (const row of rows) {
    const title = `${row.protocol}, ${row.method === 'none' ? 'as trained' : row.method}`;
    if (title !== heading) {
      lines.push(`${heading === '' ? '' : '\n'}${title}`, HEADER);
      heading = title;
    }
    const { weightedPrecision, weightedRecall } = row.metrics;
    const paper = paperFigures(row.network, row.method, row.protocol);
    lines.push(
      [
        row.network.padEnd(16),
        ...[row.accuracy, row.precision, row.recall, weightedPrecision, weightedRecall].map(ratio),
        megabytes(row.fileBytes).padStart(10),
        megabytes(row.archiveBytes).padStart(10),
        paper === null
          ? '   -'
          : `   ${[paper.accuracy, paper.precision, paper.recall].map((x) => x.toFixed(3)).join(' ')}, ${paper.megabytes} MB`,
      ].join(''),
    );
  }
  lines.push(
    '',
    'precision and recall: macro averages, then weighted by class; sizes in MB of the ONNX file and its ZIP',
  );
  return lines.join('\n');
}

const HEADER = [
  'network'.padEnd(16),
  ...['accuracy', 'prec.', 'recall', 'w.prec.', 'w.recall'].map((text) => text.padStart(9)),
  'file'.padStart(10),
  'archive'.padStart(10),
  '   the paper: acc. prec. recall, size',
].join('');

function ratio(value: number): string {
  return value.toFixed(4).padStart(9);
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(bytes < MEGABYTE ? 3 : 2);
}
