/** The same recipes drawn again: other splits of the paper's protocol, other first weights for new patients. */
import type { Protocol } from '../../data/splits.ts';
import { FIRST_SEED, type ResultRow } from '../../evaluate/result-row.ts';
import { SHARED_PATIENT } from '../../evaluate/shared-patient.ts';
import { countAxis, errorAxis, withinErrorAxis } from '../axes.ts';
import type { ReportContext } from '../context.ts';
import { type Block, type Column, cell, paragraph, type Section } from '../document.ts';
import { methodTitle, networkTitle, share } from '../figures.ts';
import type { Plot } from '../plot.ts';
import { commandOfRow } from '../result-index.ts';
import { baseRate, spreadOfRows } from '../spread.ts';
import { colourOf, SHAPE_OF } from './size-plot.ts';

const COLUMNS: readonly Column[] = [
  { title: 'row', align: 'right' },
  { title: 'network', align: 'left' },
  { title: 'what was done', align: 'left' },
  { title: 'protocol', align: 'left' },
  { title: 'first', group: 'accuracy', align: 'right' },
  { title: 'others', group: 'accuracy', align: 'left' },
  { title: 'median of all (range)', group: 'accuracy', align: 'left' },
  { title: `without ${SHARED_PATIENT.tested}`, group: 'accuracy', align: 'left' },
  { title: 'always N', align: 'right' },
  { title: 'made by', align: 'right' },
];

const TITLES: Readonly<Partial<Record<Protocol, string>>> = {
  paper: "the paper's, other splits",
  'patient-separated': 'new patients, other seeds',
};

export function otherSeeds({ results, seeds, commands }: ReportContext): Section {
  const drawn = results.drawnAgain();
  const blocks: Block[] =
    drawn.length === 0
      ? [paragraph('Not measured.')]
      : [
          { kind: 'plot', plot: plotOf(drawn) },
          {
            kind: 'table',
            caption: 'Each recipe as it stands, drawn again',
            columns: COLUMNS,
            rows: drawn.map((draws, i) => {
              const row = draws[0]!;
              const others = draws.filter((one) => !results.isOfFirstSplit(one));
              return [
                cell(String(i + 1)),
                cell(networkTitle(row.network)),
                cell(methodTitle({ ...row, seed: FIRST_SEED })),
                cell(TITLES[row.protocol] ?? row.protocol),
                cell(results.isOfFirstSplit(row) ? share(row.accuracy) : '-'),
                cell(others.map(({ accuracy }) => share(accuracy)).join(', ')),
                cell(spreadOfRows(draws)),
                cell(
                  row.protocol === 'paper'
                    ? '-'
                    : spreadOfRows(draws, ({ withoutSharedPatient }) => withoutSharedPatient?.accuracy),
                ),
                cell(share(baseRate(row))),
                {
                  text: [{ commands: others.map((other) => commands.cite(commandOfRow(other))) }],
                },
              ];
            }),
          },
        ];
  return {
    id: 'seeds',
    title: 'Other splits, other seeds',
    blocks: [
      paragraph(
        "A seed of the paper's protocol draws other test beats and other first weights; one of the patient-separated protocol other first weights and another order of the examples. " +
          'Nothing but the bytes of points of the curve, by size, and which archive is called the smallest was chosen by these figures: the recipes are those of the first seed, and every figure of theirs that was shown is in the ledger. First: the row of the tables, which may be of older code; a dash: this recipe was tried on another split alone. ' +
          'Differences between rows that are smaller than these ranges rank nothing.',
      ),
      ...blocks,
      ...(seeds.length === 0
        ? []
        : [
            paragraph(
              `${seeds.length} further results in trainer/results/seeds; networks that are not here were drawn once.`,
            ),
          ]),
    ],
  };
}

function plotOf(groups: readonly (readonly ResultRow[])[]): Plot {
  const accuracies = groups.flat().map(({ accuracy }) => withinErrorAxis(accuracy));
  return {
    title: 'How far draws lie apart',
    description: 'A column is a row of the table below; its points are the same recipe with other seeds.',
    size: 'large',
    x: countAxis('row', groups.length),
    y: errorAxis('accuracy', accuracies, share),
    series: groups.map((draws, i) => ({
      name: `row ${i + 1}`,
      colour: colourOf(draws[0]!.network),
      hollow: false,
      joined: true,
      points: draws.map((row) => ({
        x: i + 1,
        y: withinErrorAxis(row.accuracy),
        shape: SHAPE_OF[row.method],
        label: `${networkTitle(row.network)}, ${methodTitle({ ...row, seed: FIRST_SEED })}, ${row.protocol}, seed ${row.seed}`,
      })),
    })),
    legend: [],
  };
}
