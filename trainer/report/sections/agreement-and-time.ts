/** What a compressed network still answers alike, what is left of its weights, and what a beat costs. */
import type { ResultRow } from '../../evaluate/result-row.ts';
import type { ReportContext } from '../context.ts';
import { type Cell, type Column, cell, paragraph, type Section } from '../document.ts';
import { count, methodTitle, milliseconds, networkTitle, percentOf } from '../figures.ts';
import { commandOfRow } from '../result-index.ts';

interface RowColumn extends Column {
  readonly of: (row: ResultRow) => string | null | undefined;
}

const COLUMNS: readonly RowColumn[] = [
  { title: 'what was done', align: 'left', of: methodTitle },
  { title: 'protocol', align: 'left', of: ({ protocol }) => protocol },
  {
    title: 'as floats',
    group: 'answers',
    align: 'right',
    of: ({ agreementWithFloat }) => given(agreementWithFloat, (x) => percentOf(x, 2)),
  },
  {
    title: 'as fake-quantized',
    group: 'answers',
    align: 'right',
    of: ({ agreementWithFake }) => given(agreementWithFake, (x) => percentOf(x, 3)),
  },
  {
    title: 'zero',
    group: 'weights',
    align: 'right',
    of: ({ sparsity }) => given(sparsity, (x) => percentOf(x, 1)),
  },
  {
    title: 'distinct',
    group: 'weights',
    align: 'right',
    of: ({ distinctWeights }) => given(distinctWeights, count),
  },
  {
    title: 'ms',
    group: 'a beat',
    align: 'right',
    of: ({ millisecondsPerBeat }) => given(millisecondsPerBeat, milliseconds),
  },
  {
    title: 'instructions',
    group: 'a beat',
    align: 'right',
    of: ({ instructionsPerBeat }) => given(instructionsPerBeat, count),
  },
];

const INSTRUCTIONS_COMMAND = 'npm run bench -- instructions --publish';

export function agreementAndTime({ results, commands }: ReportContext): Section {
  const rows = results.rows.filter(({ method }) => method !== 'curve');
  const columns: Column[] = [
    { title: 'network', align: 'left' },
    ...COLUMNS,
    { title: 'made by', align: 'right' },
  ];
  return {
    id: 'agreement',
    title: 'Agreement, and the cost of a beat',
    blocks: [
      {
        kind: 'table',
        caption: 'Every network that is measured',
        columns,
        rows: rows.map((row): (Cell | null)[] => [
          cell(networkTitle(row.network)),
          ...COLUMNS.map(({ of }) => given(of(row), cell)),
          { text: [{ commands: [commands.cite(commandOfRow(row))] }] },
        ]),
      },
      paragraph(
        'As floats: share of the test beats answered as by the network before compression. As fake-quantized: share on which the integer ' +
          'model answers as the float graph that was trained with rounded numbers. Weights: those that are compressed. A beat: one at a time ' +
          'on one thread of the machine that ' +
          'the row names below; instructions as counted on an emulated Cortex-A53, nothing on hardware; those are made by ',
        { commands: [commands.cite(INSTRUCTIONS_COMMAND)] },
        '.',
      ),
    ],
  };
}

function given<Value, Result>(
  value: Value | null | undefined,
  write: (value: Value) => Result,
): Result | null {
  return value === null || value === undefined ? null : write(value);
}
