/** Where every figure comes from. */
import { resultFileName } from '../../evaluate/result-row.ts';
import type { ReportContext } from '../context.ts';
import { type Column, cell, paragraph, type Section } from '../document.ts';
import { methodTitle } from '../figures.ts';
import { commandOfRow } from '../result-index.ts';

const COLUMNS: readonly Column[] = [
  { title: 'file in trainer/results', align: 'left' },
  { title: 'started from', align: 'left' },
  { title: 'seed', align: 'right' },
  { title: 'epochs', align: 'right' },
  { title: 'batch', align: 'right' },
  { title: 'processor time, s', align: 'right' },
  { title: 'recorded on', align: 'left' },
  { title: 'revision', align: 'left' },
  { title: 'machine', align: 'left' },
  { title: 'made by', align: 'right' },
];

export function provenance({ results, commands }: ReportContext): Section {
  return {
    id: 'provenance',
    title: 'Where the figures come from',
    blocks: [
      paragraph(
        "No figure here was typed: ours come from the files below, the paper's from one table in the source (",
        { code: 'trainer/evaluate/paper-table.ts' },
        '), and a test compares this report with what they render to. Revision: the commits that trained the network, in turn; of results recorded up to 2026-11-27 the commit that wrote the file. ' +
          'A + means that the code had changes which no commit holds: such a row cannot be made again to the bit.',
      ),
      {
        kind: 'table',
        caption: 'Results',
        columns: COLUMNS,
        rows: results.rows.map((row) => [
          cell(resultFileName(row)),
          row.from === undefined ? null : cell(methodTitle({ method: row.from })),
          cell(String(row.seed)),
          cell(String(row.epochs)),
          cell(String(row.batch)),
          cell(row.cpuSeconds.toFixed(0)),
          cell(row.recordedOn),
          cell(row.revision),
          cell(row.machine),
          { text: [{ commands: [commands.cite(commandOfRow(row))] }] },
        ]),
      },
    ],
  };
}
