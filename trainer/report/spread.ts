/** Several draws of one figure: other splits of the paper's protocol, other first weights. */
import { medianOf } from '../evaluate/new-patients.ts';
import type { ResultRow } from '../evaluate/result-row.ts';
import { share } from './figures.ts';

/** What a row's test beats would read if every beat were given the most frequent class. */
export function baseRate({ metrics }: Pick<ResultRow, 'metrics'>): number {
  return Math.max(...metrics.classes.map(({ count }) => count)) / metrics.beats;
}

/** `0.8381 (0.8217 to 0.8617)`: the lower median and the range; the range alone of two, one figure alone where there is one. */
export function spreadOfRows(
  rows: readonly ResultRow[],
  of: (row: ResultRow) => number | undefined = ({ accuracy }) => accuracy,
  write: (value: number) => string = share,
): string {
  return spreadOfValues(
    rows.map(of).filter((value) => value !== undefined),
    write,
  );
}

/** A dash where a value is unknown, or none is there. */
export function spreadOfValues(values: readonly (number | null)[], write: (value: number) => string): string {
  const median = medianOf(values);
  if (median === null) return '-';
  if (values.length === 1) return write(median);
  const known = values as readonly number[];
  const range = `${write(Math.min(...known))} to ${write(Math.max(...known))}`;
  // Two have no middle: the lower one would be shown as the median.
  return values.length === 2 ? range : `${write(median)} (${range})`;
}
