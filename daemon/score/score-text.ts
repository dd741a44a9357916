/** A score report for a terminal. */

import { STANDARD_START_S } from '@rhythmd/ecg/ec57/compare-beats.ts';
import { clockTime } from './clock-time.ts';
import type { ScoreReport } from './score-files.ts';
import {
  matrixTable,
  rhythmTable,
  STATISTICS_NOTE,
  setName,
  statisticsTable,
  type Table,
} from './score-tables.ts';

/** The rules this report follows, and where it leaves them. */
export function scoreTitle({ request }: ScoreReport): string {
  const period =
    request.fromS === STANDARD_START_S
      ? 'from 5:00 to the end'
      : `from ${clockTime(request.fromS)} to the end, which is not the standard's 5:00`;
  return `ANSI/AAMI EC57, beat by beat, ${period}: ${request.test} against ${request.reference}`;
}

export function scoreText(report: ScoreReport): string {
  const sets = report.unpaced === null ? [report.all] : [report.all, report.unpaced];
  return [
    scoreTitle(report),
    '',
    columns(statisticsTable(report)),
    STATISTICS_NOTE,
    ...sets.flatMap((set) => [
      '',
      columns(matrixTable(setName(set), set.gross.matrix)),
      '',
      columns(rhythmTable(set)),
    ]),
  ].join('\n');
}

/** First column left, the others right. */
function columns({ title, head, rows }: Table): string {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [title, line(head), ...rows.map(line)].join('\n');
}
