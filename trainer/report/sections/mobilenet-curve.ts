/** MobileNetV2, smaller and smaller: what every step costs in accuracy. */
import { MEGABYTE } from '@rhythmd/shell/megabyte.ts';
import { commandFor } from '../../evaluate/commands.ts';
import type { ResultRow } from '../../evaluate/result-row.ts';
import { errorAxis, fixedLogAxis, withinErrorAxis } from '../axes.ts';
import type { ReportContext } from '../context.ts';
import { type Block, type Column, cell, paragraph, type Section } from '../document.ts';
import { megabytes, methodTitle, percentOf, share, threeDigits } from '../figures.ts';
import type { Plot, Point, Series } from '../plot.ts';
import { commandOfRow } from '../result-index.ts';
import { colourOf, SHAPE_OF } from './size-plot.ts';

const NETWORK = 'mobilenetv2';
/** The archive sizes of the curve, in MB. */
const SMALLEST = 0.03;
const LARGEST = 2;

const NARROW = 'points of the curve, from channel-pruned';
const WIDE = 'points of the curve, from all channels';

const COLUMNS: readonly Column[] = [
  { title: 'point', align: 'left' },
  { title: 'archive, MB', align: 'right' },
  { title: 'accuracy', align: 'right' },
  { title: 'zero weights', align: 'right' },
  { title: 'made by', align: 'right' },
];

export function mobilenetCurve({ results, commands }: ReportContext): Section {
  const within = results.rows
    .filter(({ network, protocol }) => network === NETWORK && protocol === 'paper')
    .filter(
      ({ archiveBytes }) => megabytesOf(archiveBytes) >= SMALLEST && megabytesOf(archiveBytes) <= LARGEST,
    )
    .sort((a, b) => a.archiveBytes - b.archiveBytes);
  const curve = within.filter(({ method }) => method === 'curve');
  const blocks: Block[] = [];
  if (within.length > 0) blocks.push({ kind: 'plot', plot: plotOf(curve, within) });
  if (curve.length === 0) {
    const number = commands.cite(commandFor(NETWORK, 'paper', 'curve'));
    blocks.push(paragraph('The curve is not measured. Made by ', { commands: [number] }, '.'));
  } else {
    blocks.push({
      kind: 'table',
      caption: 'Points of the curve',
      columns: COLUMNS,
      rows: curve.map((row) => [
        cell(`${row.variant}, from ${row.from === 'channel-pruned' ? 'channel-pruned' : 'all channels'}`),
        cell(megabytes(row.archiveBytes)),
        cell(share(row.accuracy)),
        row.sparsity === undefined ? null : cell(percentOf(row.sparsity, 1)),
        { text: [{ commands: [commands.cite(commandOfRow(row))] }] },
      ]),
    });
  }
  return { id: 'curve', title: `MobileNetV2 from ${SMALLEST} to ${LARGEST} MB`, blocks };
}

function megabytesOf(bytes: number): number {
  return bytes / MEGABYTE;
}

function plotOf(curve: readonly ResultRow[], within: readonly ResultRow[]): Plot {
  const point = (row: ResultRow): Point => ({
    x: megabytesOf(row.archiveBytes),
    y: withinErrorAxis(row.accuracy),
    shape: SHAPE_OF[row.method],
    label: methodTitle(row),
  });
  const tables = within.filter(({ method }) => method !== 'curve');
  const joined = (isPruned: boolean): Series => ({
    name: isPruned ? NARROW : WIDE,
    colour: colourOf(NETWORK),
    hollow: isPruned,
    joined: true,
    points: curve.filter(({ from }) => (from === 'channel-pruned') === isPruned).map(point),
  });
  const series: Series[] = [
    joined(true),
    joined(false),
    { name: 'tables', colour: 0, hollow: false, joined: false, points: tables.map(point) },
  ].filter(({ points }) => points.length > 0);
  return {
    title: 'Accuracy against archive size',
    description:
      "The paper's protocol. Two lines: from the network with all its channels, and from the channel-pruned one. Beside them the archives of the tables, " +
      'where they lie in this range.',
    size: 'large',
    x: fixedLogAxis('archive, MB', SMALLEST, LARGEST, threeDigits),
    y: errorAxis(
      'accuracy',
      within.map(({ accuracy }) => withinErrorAxis(accuracy)),
      share,
    ),
    series,
    legend: series.flatMap(({ name, colour, hollow, joined, points }) =>
      joined
        ? [{ text: name, colour, shape: points[0]!.shape, hollow }]
        : points.map(({ label, shape }) => ({ text: label, colour, shape, hollow })),
    ),
  };
}
