/** Learning curves: loss and accuracy of every epoch that was recorded. */
import type { ResultRow } from '../../evaluate/result-row.ts';
import { NETWORK_NAMES } from '../../presets/catalog.ts';
import type { EpochRecord } from '../../train/checkpoint.ts';
import { countAxis, errorAxis, logAxis, withinErrorAxis } from '../axes.ts';
import type { ReportContext } from '../context.ts';
import { type Block, paragraph, type Section } from '../document.ts';
import { methodTitle, networkTitle, share, threeDigits } from '../figures.ts';
import type { LegendEntry, Plot, Series, Shape } from '../plot.ts';
import { commandOfRow } from '../result-index.ts';

/** A loss of zero has no logarithm. */
const LEAST_LOSS = 1e-6;
const ABOUT =
  'Loss and accuracy of the training beats are those of the epoch while it was trained, augmented as they were; validation is measured after ' +
  'it, where beats were held out for it.';
const TRAINING_COLOUR = 4;
const VALIDATION_COLOUR = 1;

export function learning({ results, commands }: ReportContext): Section {
  const recorded = results.rows.filter((row) => row.learning !== undefined && row.learning.length > 0);
  const missing = results.rows.filter(
    ({ method, learning: epochs }) => method === 'none' && epochs === undefined,
  );
  const blocks: Block[] = [
    paragraph(ABOUT),
    ...curvesOf(recorded.filter(({ method }) => method === 'none')),
    ...NETWORK_NAMES.flatMap((network): Block[] => {
      const compressed = recorded.filter((row) => row.network === network && row.method !== 'none');
      if (compressed.length === 0) return [];
      const summary = `${networkTitle(network)}, trained on while it was compressed: ${compressed.length}`;
      return [{ kind: 'fold', summary, blocks: curvesOf(compressed) }];
    }),
  ];
  if (missing.length > 0) {
    blocks.push(
      paragraph(
        'Not recorded when it was trained: ',
        ...missing.flatMap((row, i) => [
          `${i === 0 ? '' : ', '}${titleOf(row)} (made by `,
          { commands: [commands.cite(commandOfRow(row))] },
          ')',
        ]),
        '.',
      ),
    );
  }
  if (results.rows.length === 0) blocks.push(paragraph('Not measured.'));
  return { id: 'learning', title: 'Learning curves', blocks };
}

function curvesOf(rows: readonly ResultRow[]): Block[] {
  if (rows.length === 0) return [];
  return [
    {
      kind: 'row',
      blocks: rows.flatMap((row) => [lossPlot(row, row.learning!), accuracyPlot(row, row.learning!)]),
    },
  ];
}

function titleOf(row: ResultRow): string {
  return `${networkTitle(row.network)}, ${methodTitle(row)}, ${row.protocol}`;
}

function lossPlot(row: ResultRow, epochs: readonly EpochRecord[]): Block {
  const losses = epochs.map(({ loss }) => Math.max(loss, LEAST_LOSS));
  const plot: Plot = {
    title: `${titleOf(row)}: loss`,
    description: '',
    size: 'small',
    x: countAxis('epoch', epochs.length),
    y: logAxis('loss', losses, threeDigits),
    series: [
      seriesOf(
        'training',
        TRAINING_COLOUR,
        'circle',
        losses.map((loss, i) => [i + 1, loss]),
      ),
    ],
    legend: [],
  };
  return { kind: 'plot', plot };
}

function accuracyPlot(row: ResultRow, epochs: readonly EpochRecord[]): Block {
  const training = seriesOf(
    'training',
    TRAINING_COLOUR,
    'circle',
    epochs.map(({ accuracy }, i) => [i + 1, withinErrorAxis(accuracy)]),
  );
  const validation = seriesOf(
    'validation',
    VALIDATION_COLOUR,
    'square',
    epochs.flatMap(({ validation: measured }, i): [number, number][] =>
      measured === null ? [] : [[i + 1, withinErrorAxis(measured.accuracy)]],
    ),
  );
  const series = [training, validation].filter(({ points }) => points.length > 0);
  const plot: Plot = {
    title: `${titleOf(row)}: accuracy`,
    description: '',
    size: 'small',
    x: countAxis('epoch', epochs.length),
    y: errorAxis(
      'accuracy',
      series.flatMap(({ points }) => points.map(({ y }) => y)),
      share,
    ),
    series,
    legend: series.map(({ name, colour, points }) => legendOf(name, colour, points[0]!.shape)),
  };
  return { kind: 'plot', plot };
}

function seriesOf(
  name: string,
  colour: number,
  shape: Shape,
  points: readonly (readonly [number, number])[],
): Series {
  return {
    name,
    colour,
    hollow: false,
    joined: true,
    points: points.map(([x, y]) => ({ x, y, shape, label: `${name}, epoch ${x}` })),
  };
}

function legendOf(text: string, colour: number, shape: Shape): LegendEntry {
  return { text, colour, shape, hollow: false };
}
