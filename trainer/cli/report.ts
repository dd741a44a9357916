import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { EXIT_DONE } from '@rhythmd/shell/exit-status.ts';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { readNewPatients, readOtherNewPatients } from '../evaluate/new-patients.ts';
import { readOpenings } from '../evaluate/openings.ts';
import { paperFigures } from '../evaluate/paper-table.ts';
import { readResults, resultsFolder, seedsFolder } from '../evaluate/results.ts';
import { makeFolder, writeAtomically } from '../files.ts';
import { readDeviceCounts } from '../report/device-counts.ts';
import { toHtml } from '../report/html.ts';
import { toMarkdown } from '../report/markdown.ts';
import { reportDocument } from '../report/report.ts';
import { readSpeed } from '../report/speed.ts';
import { summary } from '../report/summary.ts';
import { COMMANDS } from './commands.ts';

/** The network for patients never seen. */
const SHIPPED = 'beatnet2';
const docsFolder = fileURLToPath(new URL('../../docs', import.meta.url));

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArguments(args, COMMANDS.report, io.err);
  const rows = readResults(values.results ?? resultsFolder);
  if (values.json) {
    const withPaper = rows.map((row) => ({
      ...row,
      paper: paperFigures(row.network, row.method, row.protocol),
    }));
    io.out(JSON.stringify({ rows: withPaper }, null, 1));
    return EXIT_DONE;
  }
  const beside =
    values.results === undefined
      ? {
          seeds: readResults(seedsFolder),
          openings: readOpenings(),
          device: readDeviceCounts(),
          others: readOtherNewPatients(SHIPPED),
        }
      : {};
  const document = reportDocument(rows, readSpeed(), readNewPatients(SHIPPED), beside);
  const out = values.out ?? docsFolder;
  makeFolder(out);
  const files = { 'report.html': toHtml(document), 'report.md': toMarkdown(document) };
  for (const [name, text] of Object.entries(files)) {
    writeAtomically(join(out, name), [new TextEncoder().encode(text)]);
  }
  io.out(summary(rows));
  io.out(
    `\nwrote ${Object.keys(files)
      .map((name) => relative('', join(out, name)))
      .join(' and ')}`,
  );
  return EXIT_DONE;
}
