/** How accurate, how small and how cheap together: what no other result beats in all three. */
import type { OnDevices, ResultRow } from '../../evaluate/result-row.ts';
import { errorAxis, logAxis, withinErrorAxis } from '../axes.ts';
import type { ReportContext } from '../context.ts';
import { ARCHIVES_COMMAND, DEVICE_COMMAND } from '../device-counts.ts';
import { type Block, type Cell, type Column, cell, paragraph, type Section } from '../document.ts';
import { megabytes, methodTitle, networkTitle, share, threeDigits } from '../figures.ts';
import type { Plot } from '../plot.ts';
import { commandOfRow, type ResultIndex } from '../result-index.ts';
import { colourOf, legendOf, SHAPE_OF } from './size-plot.ts';

const COLUMNS: readonly Column[] = [
  { title: 'network', align: 'left' },
  { title: 'what was done', align: 'left' },
  { title: 'accuracy', align: 'right' },
  { title: 'archive, MB', align: 'right' },
  { title: 'A53, onnxruntime', group: 'million instructions a beat', align: 'right' },
  { title: 'A53, our executor', group: 'million instructions a beat', align: 'right' },
  { title: 'ARM1176, our executor', group: 'million instructions a beat', align: 'right' },
  { title: 'not beaten', align: 'left' },
  { title: 'made by', align: 'right' },
];

const MILLION = 1e6;

function millions(count: number): string {
  return threeDigits(count / MILLION);
}

/**
 * The row's own count, or else that of the same network in the same arithmetic: what a file costs follows from its graph,
 * not from its weights; or else that of the same recipe on another split. null: not counted.
 */
function instructionsOf(results: ResultIndex, row: ResultRow | null): number | null {
  if (row === null) return null;
  const count = ({ instructionsPerBeat }: ResultRow): number | null => instructionsPerBeat ?? null;
  const isSameGraph = (other: ResultRow): boolean =>
    other.network === row.network &&
    other.parameters === row.parameters &&
    isInteger(other) === isInteger(row);
  return (
    count(row) ??
    firstOf(results.everyDraw.filter(isSameGraph), count) ??
    firstOf(results.draws(row).filter(isAlike(row)), count)
  );
}

/** Channels that are left out on another split are others, and a few more or fewer. */
const isAlike =
  (row: ResultRow) =>
  (other: ResultRow): boolean =>
    isInteger(other) === isInteger(row);

function firstOf<Count>(rows: readonly ResultRow[], count: (row: ResultRow) => Count | null): Count | null {
  for (const row of rows) {
    const known = count(row);
    if (known !== null) return known;
  }
  return null;
}

const isInteger = ({ agreementWithFake, method }: ResultRow): boolean =>
  agreementWithFake !== undefined || method.includes('quantized');

/** By our own executor: the row's own count, or that of the whole network in 8 bits where the row has all of its channels. null: not counted. */
export function deviceCountOf({ results, device }: ReportContext, row: ResultRow | null): OnDevices | null {
  if (row === null || !isInteger(row)) return null;
  const own = firstOf(
    [row, ...results.draws(row).filter(isAlike(row))],
    ({ onDevices }) => onDevices ?? null,
  );
  if (own !== null) return own;
  const whole = results.find(row.network, row.protocol, 'none');
  return whole?.parameters === row.parameters ? (device.get(row.network) ?? null) : null;
}

export function counted(instructions: number | undefined): Cell {
  return instructions === undefined ? cell('not measured', 'quiet') : cell(millions(instructions));
}

interface Costed {
  readonly row: ResultRow;
  readonly instructions: number;
}

export function cost(context: ReportContext): Section {
  const { results, commands, device } = context;
  const all = results.rows
    .filter(({ protocol }) => protocol === 'paper')
    .flatMap((row): Costed[] => {
      const instructions = instructionsOf(results, row);
      return instructions === null ? [] : [{ row, instructions }];
    });
  const blocks: Block[] =
    all.length === 0
      ? [paragraph('Not measured.')]
      : [
          { kind: 'plot', plot: plotOf(all) },
          {
            kind: 'fold',
            summary: `${all.length} results by accuracy, size and instructions`,
            blocks: [
              {
                kind: 'table',
                caption: "The paper's protocol: accuracy, bytes and instructions together",
                columns: COLUMNS,
                rows: [...all]
                  .sort((a, b) => a.instructions - b.instructions)
                  .map((one) => [
                    cell(networkTitle(one.row.network)),
                    cell(methodTitle(one.row)),
                    cell(share(one.row.accuracy)),
                    cell(megabytes(one.row.archiveBytes)),
                    cell(millions(one.instructions)),
                    ...(['a53', 'arm1176'] as const).map((processor) =>
                      isInteger(one.row)
                        ? counted(deviceCountOf(context, one.row)?.instructions?.[processor])
                        : null,
                    ),
                    cell(all.some((other) => beats(other, one)) ? '' : 'in all three'),
                    { text: [{ commands: [commands.cite(commandOfRow(one.row))] }] },
                  ]),
              },
            ],
          },
        ];
  return {
    id: 'cost',
    title: 'Accuracy, bytes and instructions',
    blocks: [
      ...blocks,
      paragraph(
        'Instructions are counted in emulated processors: on the Cortex-A53 with onnxruntime (the axis of the plot); with our own executor on it and on the ARM1176, for which onnxruntime has no build, ',
        ...(device.size === 0
          ? ['nothing is counted']
          : [
              'whole networks in 8 bits and archives with fewer channels, made by ',
              { commands: [commands.cite(DEVICE_COMMAND), commands.cite(ARCHIVES_COMMAND)] },
            ]),
        '. Our own executor runs 8 bits alone: beside floats stands a dash. A row without a count of its own has that of the same network in the same arithmetic, since weights do not change ' +
          'what is executed, or that of the same recipe on another split, which leaves out other channels and a few more or fewer. Pruning saves room and no work. ' +
          'Not beaten: no other result is at least as accurate, as small and as cheap, and better in one of them.',
      ),
    ],
  };
}

function beats(a: Costed, b: Costed): boolean {
  const [x, y] = [a.row, b.row];
  const isNoWorse =
    x.accuracy >= y.accuracy && x.archiveBytes <= y.archiveBytes && a.instructions <= b.instructions;
  return (
    isNoWorse &&
    (x.accuracy > y.accuracy || x.archiveBytes < y.archiveBytes || a.instructions < b.instructions)
  );
}

function plotOf(all: readonly Costed[]): Plot {
  const networks = [...new Set(all.map(({ row }) => row.network))];
  const series = networks.map((network) => ({
    name: networkTitle(network),
    colour: colourOf(network),
    hollow: false,
    joined: false,
    points: all
      .filter(({ row }) => row.network === network)
      .map(({ row, instructions }) => ({
        x: instructions / MILLION,
        y: withinErrorAxis(row.accuracy),
        shape: SHAPE_OF[row.method],
        label: `${networkTitle(network)}, ${methodTitle(row)}, ${megabytes(row.archiveBytes)} MB`,
      })),
  }));
  return {
    title: 'Accuracy against instructions',
    description:
      "The paper's protocol. Left is cheaper, up is better; the archive's size is in the words of each point.",
    size: 'large',
    x: logAxis(
      'million instructions a beat, emulated Cortex-A53',
      all.map(({ instructions }) => instructions / MILLION),
      threeDigits,
    ),
    y: errorAxis(
      'accuracy',
      all.map(({ row }) => withinErrorAxis(row.accuracy)),
      share,
    ),
    series,
    legend: legendOf(series, [...new Set(all.map(({ row }) => row.method))]),
  };
}
