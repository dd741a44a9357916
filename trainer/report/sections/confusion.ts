/** Which beats were taken for which. */
import { PAPER_LABELS } from '@rhythmd/ecg/types.ts';
import type { ResultRow } from '../../evaluate/result-row.ts';
import { NETWORK_NAMES } from '../../presets/catalog.ts';
import type { ReportContext } from '../context.ts';
import {
  type Block,
  type Cell,
  type Column,
  cell,
  paragraph,
  type Section,
  type Table,
} from '../document.ts';
import { count, methodTitle, networkTitle, percentOf } from '../figures.ts';

const COLUMNS: readonly Column[] = [
  { title: 'is', align: 'left' },
  ...PAPER_LABELS.map((label): Column => ({ title: label, group: 'was said to be', align: 'right' })),
  { title: 'Se', align: 'right' },
  { title: '+P', align: 'right' },
];

export function confusion({ results }: ReportContext): Section {
  const rows = results.rows.filter(({ method }) => method !== 'curve');
  const folds = NETWORK_NAMES.flatMap((network): Block[] => {
    const tables = rows.filter((row) => row.network === network).map(matrixOf);
    if (tables.length === 0) return [];
    const summary = `${networkTitle(network)}: ${tables.length} ${tables.length === 1 ? 'matrix' : 'matrices'}`;
    return [{ kind: 'fold', summary, blocks: [{ kind: 'row', blocks: tables }] }];
  });
  const legend =
    'Test beats. Rows: what the annotators say; columns: what the network says; the deeper the colour, the larger the share of the row. ' +
    'Se: sensitivity (recall) of the class; +P: positive predictivity (precision).';
  return {
    id: 'confusion',
    title: 'Confusion matrices',
    blocks: folds.length === 0 ? [paragraph('Not measured.')] : [paragraph(legend), ...folds],
  };
}

function matrixOf(row: ResultRow): Table {
  const { metrics } = row;
  return {
    kind: 'table',
    caption: `${networkTitle(row.network)}, ${methodTitle(row)}, ${row.protocol}`,
    columns: COLUMNS,
    rows: metrics.classes.map(({ label, count: beats, recall, precision }, is) => [
      cell(label),
      ...metrics.confusion[is]!.map(
        (said, as): Cell => ({
          text: [count(said)],
          ...(said === 0
            ? { tone: 'quiet' as const }
            : { shade: { depth: 0.08 + (0.42 * said) / beats, isError: is !== as } }),
        }),
      ),
      recall === null ? null : cell(percentOf(recall, 2)),
      precision === null ? null : cell(percentOf(precision, 2)),
    ]),
  };
}
