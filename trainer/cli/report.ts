import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { paperFigures } from '../evaluate/paper-table.ts';
import { readResults, resultsFolder } from '../evaluate/results.ts';
import { makeFolder, writeAtomically } from '../files.ts';
import { toHtml } from '../report/html.ts';
import { toMarkdown } from '../report/markdown.ts';
import { reportDocument } from '../report/report.ts';
import { readSpeed } from '../report/speed.ts';
import { summary } from '../report/summary.ts';
import { parseOptions, stringOf } from './arguments.ts';

const USAGE = `npm run trainer -- report [--out DIR] [--results DIR] [--json]
Writes the results in trainer/results/ beside the paper's tables, as report.html and report.md, and prints a summary.
  --out DIR       default: docs
  --results DIR   other results than the published ones
  --json          print the results as JSON; write nothing`;

const docsFolder = fileURLToPath(new URL('../../docs', import.meta.url));

export async function run(args: string[]): Promise<number> {
  const values = parseOptions(args, {
    out: { type: 'string' },
    results: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const rows = readResults(stringOf(values, 'results') ?? resultsFolder);
  if (values.json === true) {
    const withPaper = rows.map((row) => ({
      ...row,
      paper: paperFigures(row.network, row.method, row.protocol),
    }));
    console.log(JSON.stringify({ rows: withPaper }, null, 1));
    return 0;
  }
  const document = reportDocument(rows, readSpeed());
  const out = stringOf(values, 'out') ?? docsFolder;
  makeFolder(out);
  const files = { 'report.html': toHtml(document), 'report.md': toMarkdown(document) };
  for (const [name, text] of Object.entries(files)) {
    writeAtomically(join(out, name), [new TextEncoder().encode(text)]);
  }
  console.log(summary(rows));
  console.log(
    `\nwrote ${Object.keys(files)
      .map((name) => relative('', join(out, name)))
      .join(' and ')}`,
  );
  return 0;
}
