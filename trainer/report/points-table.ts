/** What a plot shows, as a table: for who cannot see it, and for the Markdown report. */
import { type Column, cell, type Table } from './document.ts';
import type { Plot } from './plot.ts';

/** The points as numbers, for those who don't see the picture. */
export function pointsTable({ title, x, y, series }: Plot): Table {
  const columns: Column[] = [
    { title: 'point', align: 'left' },
    { title: x.label, align: 'right' },
    { title: y.label, align: 'right' },
  ];
  return {
    kind: 'table',
    caption: `${title}: the points`,
    columns,
    rows: series.flatMap(({ points }) =>
      points.map((point) => [cell(point.label), cell(x.format(point.x)), cell(y.format(point.y))]),
    ),
  };
}
