/** The smallest archive of each network that names 98 %, and what it costs on the paper's processor and its successor. */
import { MEGABYTE } from '@rhythmd/shell/megabyte.ts';
import { paperFigures } from '../../../evaluate/paper-table.ts';
import { FIRST_SEED, type ResultRow } from '../../../evaluate/result-row.ts';
import { QUANTIZED_PRUNED_ACCURACY } from '../../../evaluate/targets.ts';
import type { ReportContext } from '../../context.ts';
import { type Cell, type Column, cell, type Table } from '../../document.ts';
import { megabytes, methodTitle, networkTitle, percentOf, share } from '../../figures.ts';
import { counted, deviceCountOf } from '../cost.ts';
import { CYCLES_COLUMN, cyclesLeft } from './cycles.ts';

const COLUMNS: readonly Column[] = [
  { title: 'network', align: 'left' },
  { title: 'MB', group: 'the paper', align: 'right' },
  { title: 'of its floats', group: 'the paper', align: 'right' },
  { title: 'what was done', group: 'ours', align: 'left' },
  { title: 'accuracy', group: 'ours', align: 'right' },
  { title: 'MB', group: 'ours', align: 'right' },
  { title: 'of its floats', group: 'ours', align: 'right' },
  { title: 'times smaller', group: 'ours', align: 'right' },
  { title: 'ARM1176', group: 'million instructions', align: 'right' },
  { title: 'A53', group: 'million instructions', align: 'right' },
  CYCLES_COLUMN,
  { title: 'MB', group: 'memory', align: 'right' },
];

/** Of all methods and splits. null: none names enough. */
export function smallestArchive(
  { results }: Pick<ReportContext, 'results'>,
  network: string,
): ResultRow | null {
  return smallestOf(results.everyDraw.filter((row) => row.network === network && isAccurate(row)));
}

export function smallestOf(rows: readonly ResultRow[]): ResultRow | null {
  return rows.reduce<ResultRow | null>(
    (a, b) => (a === null || b.archiveBytes < a.archiveBytes ? b : a),
    null,
  );
}

/** Compressed, on the paper's protocol, and right often enough. */
export const isAccurate = ({ protocol, method, accuracy }: ResultRow): boolean =>
  protocol === 'paper' && method !== 'none' && accuracy >= QUANTIZED_PRUNED_ACCURACY;

export function smallestTable(context: ReportContext, networks: readonly string[]): Table {
  return {
    kind: 'table',
    caption: `The smallest archive of each that names ${percentOf(QUANTIZED_PRUNED_ACCURACY, 0)} of the test beats`,
    columns: COLUMNS,
    rows: networks.map((network) => lineOf(context, network)),
  };
}

/** The words of the note below the table. */
function titleOf(row: ResultRow): string {
  if (row.method !== 'curve') return methodTitle(row);
  const split = row.seed === FIRST_SEED ? '' : `, split ${row.seed}`;
  return `${row.variant}${row.from === 'channel-pruned' ? ', fewer channels' : ''}${split}`;
}

function lineOf(context: ReportContext, network: string): (Cell | null)[] {
  const theirs = paperFigures(network, 'quantized+pruned', 'paper');
  const floats = paperFigures(network, 'none', 'paper');
  const row = smallestArchive(context, network);
  const start = [
    cell(networkTitle(network)),
    theirs === null ? null : cell(String(theirs.megabytes)),
    theirs === null || floats === null ? null : cell(percentOf(theirs.megabytes / floats.megabytes, 1)),
  ];
  if (row === null) return [...start, cell('not measured', 'quiet'), ...Array<null>(8).fill(null)];
  const device = deviceCountOf(context, row);
  return [
    ...start,
    cell(titleOf(row)),
    cell(share(row.accuracy)),
    cell(megabytes(row.archiveBytes)),
    cell(percentOf(row.archiveBytes / row.originalBytes, 1)),
    theirs === null ? null : cell(((theirs.megabytes * MEGABYTE) / row.archiveBytes).toFixed(1)),
    counted(device?.instructions?.arm1176),
    counted(device?.instructions?.a53),
    cyclesLeft(device?.instructions?.arm1176),
    device === null ? cell('not measured', 'quiet') : cell(megabytes(device.memoryBytes)),
  ];
}
