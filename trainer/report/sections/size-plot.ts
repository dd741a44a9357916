/** Size against accuracy: the paper's points and ours on the same axes. */
import { MEGABYTE } from '@rhythmd/shell/megabyte.ts';
import type { Protocol } from '../../data/splits.ts';
import { PAPER_NETWORKS, paperFigures } from '../../evaluate/paper-table.ts';
import { METHODS, type Method, type ResultRow } from '../../evaluate/result-row.ts';
import { NETWORK_NAMES } from '../../presets/catalog.ts';
import { errorAxis, logAxis, withinErrorAxis } from '../axes.ts';
import { type ReportContext, WHY_BOTH } from '../context.ts';
import { type Block, paragraph, type Section } from '../document.ts';
import { comparableBytes, methodTitle, networkTitle, share, threeDigits } from '../figures.ts';
import type { LegendEntry, Plot, Point, Series, Shape } from '../plot.ts';
import { baseRate } from '../spread.ts';

export const SHAPE_OF: Readonly<Record<Method, Shape>> = {
  none: 'circle',
  'post-training-quantized': 'cross',
  quantized: 'square',
  pruned: 'triangle',
  clustered: 'plus',
  'clustered+pruned': 'down',
  'quantized+pruned': 'diamond',
  'quantized+pruned+clustered': 'star',
  'per-layer': 'hexagon',
  'low-rank': 'left',
  'channel-pruned': 'bar',
  distilled: 'right',
  curve: 'circle',
};

export const colourOf = (network: string): number => NETWORK_NAMES.indexOf(network);

export function sizePlots({ results }: ReportContext): Section {
  return {
    id: 'size',
    title: 'Size against accuracy',
    blocks: [
      plotOf('paper', results.rows, "The paper's protocol"),
      plotOf('patient-separated', results.rows, 'New patients'),
      paragraph(WHY_BOTH),
    ],
  };
}

function plotOf(protocol: Protocol, all: readonly ResultRow[], title: string): Block {
  const rows = all.filter((row) => row.protocol === protocol && row.method !== 'curve');
  const series = [...theirSeries(protocol), ...ourSeries(rows), ...alwaysNormal(protocol, rows)];
  const points = series.flatMap((one) => one.points);
  if (points.length === 0) return paragraph(`${title}: not measured.`);
  const plot: Plot = {
    title,
    description:
      'Left is smaller, up is better. Floats and quantized networks by their file, the others by their archive. Accuracy is spaced by the logarithm of the error.',
    size: 'large',
    x: logAxis(
      'size, MB',
      points.map(({ x }) => x),
      threeDigits,
    ),
    y: errorAxis(
      'accuracy',
      points.map(({ y }) => y),
      share,
    ),
    series,
    legend: legendOf(series, [...new Set(rows.map(({ method }) => method))]),
  };
  return { kind: 'plot', plot };
}

function theirSeries(protocol: Protocol): Series[] {
  return PAPER_NETWORKS.map((network): Series => {
    const points = METHODS.flatMap((method): Point[] => {
      const theirs = paperFigures(network, method, protocol);
      if (theirs === null) return [];
      const label = `${networkTitle(network)}, ${methodTitle({ method })}, the paper`;
      return [{ x: theirs.megabytes, y: theirs.accuracy, shape: SHAPE_OF[method], label }];
    });
    return {
      name: `${networkTitle(network)}, the paper`,
      colour: colourOf(network),
      hollow: true,
      joined: true,
      points,
    };
  }).filter(({ points }) => points.length > 0);
}

function ourSeries(rows: readonly ResultRow[]): Series[] {
  return NETWORK_NAMES.map(
    (network): Series => ({
      name: networkTitle(network),
      colour: colourOf(network),
      hollow: false,
      joined: false,
      points: rows.filter((row) => row.network === network).map(pointOf),
    }),
  ).filter(({ points }) => points.length > 0);
}

/** Of new patients: what calling every beat normal reaches, at either end of the sizes. */
function alwaysNormal(protocol: Protocol, rows: readonly ResultRow[]): Series[] {
  const [first] = rows;
  if (protocol === 'paper' || first === undefined) return [];
  const sizes = rows.map((row) => comparableBytes(row) / MEGABYTE);
  const label = 'every beat called normal';
  const points = [Math.min(...sizes), Math.max(...sizes)].map(
    (x): Point => ({ x, y: baseRate(first), shape: 'bar', label }),
  );
  return [{ name: label, colour: 0, hollow: true, joined: true, points }];
}

function pointOf(row: ResultRow): Point {
  return {
    x: comparableBytes(row) / MEGABYTE,
    y: withinErrorAxis(row.accuracy),
    shape: SHAPE_OF[row.method],
    label: `${networkTitle(row.network)}, ${methodTitle(row)}`,
  };
}

/** Networks by colour, methods by shape. */
export function legendOf(series: readonly Series[], methods: readonly Method[]): LegendEntry[] {
  const networks = NETWORK_NAMES.filter((network) =>
    series.some(({ colour }) => colour === colourOf(network)),
  );
  const hasTheirs = series.some(({ hollow }) => hollow);
  const isTheirs = (method: Method): boolean =>
    PAPER_NETWORKS.some((network) => paperFigures(network, method, 'paper') !== null);
  const shown = METHODS.filter((method) => methods.includes(method) || (hasTheirs && isTheirs(method)));
  return [
    ...networks.map(
      (network): LegendEntry => ({
        text: networkTitle(network),
        colour: colourOf(network),
        shape: 'circle',
        hollow: false,
      }),
    ),
    ...shown.map(
      (method): LegendEntry => ({
        text: methodTitle({ method }),
        colour: null,
        shape: SHAPE_OF[method],
        hollow: false,
      }),
    ),
    ...(hasTheirs
      ? [{ text: 'outlines, dashed: the paper', colour: null, shape: 'circle', hollow: true } as const]
      : []),
  ];
}
