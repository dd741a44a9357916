/** The first page: the paper's two questions in words, and how far the answers can be trusted. */
import { MEGABYTE } from '@rhythmd/shell/megabyte.ts';
import { medianOf, type NewPatients } from '../../../evaluate/new-patients.ts';
import { PAPER_NETWORKS, paperFigures } from '../../../evaluate/paper-table.ts';
import { FIRST_SEED } from '../../../evaluate/result-row.ts';
import { figuresOfGroup } from '../../../evaluate/run-figures.ts';
import type { ReportContext } from '../../context.ts';
import { type Cell, type Column, cell, paragraph, type Section, type Text } from '../../document.ts';
import { megabytes, networkTitle, paperShare, percentOf, share } from '../../figures.ts';
import type { ResultIndex } from '../../result-index.ts';
import { baseRate, spreadOfRows } from '../../spread.ts';
import { counted, deviceCountOf } from '../cost.ts';
import { targetsMissed } from '../targets.ts';
import { doubtsOf } from './doubts.ts';
import { needsOf } from './needs.ts';
import { smallestArchive, smallestTable } from './smallest.ts';

const OURS = 'beatnet';
const NETWORKS = [...PAPER_NETWORKS, OURS];
const COLUMNS: readonly Column[] = [
  { title: 'network', align: 'left' },
  { title: 'accuracy', group: 'the paper', align: 'right' },
  { title: 'MB', group: 'the paper', align: 'right' },
  { title: 'in floats', group: 'ours', align: 'right' },
  { title: 'accuracy', group: 'ours', align: 'right' },
  { title: 'MB', group: 'ours', align: 'right' },
  { title: 'times smaller', group: 'ours', align: 'right' },
  { title: 'ARM1176', group: 'million instructions a beat', align: 'right' },
  { title: 'A53', group: 'million instructions a beat', align: 'right' },
  { title: 'memory, MB', group: 'a beat', align: 'right' },
  { title: 'accuracy', group: 'ours, new patients', align: 'right' },
  { title: 'always N', group: 'ours, new patients', align: 'right' },
];

/**
 * @param others of the same patients, by networks that saw our image
 * @param count results in all
 */
export function answers(context: ReportContext, others: readonly NewPatients[] = [], count = 0): Section {
  const { results } = context;
  const rows = NETWORKS.map((network): (Cell | null)[] => {
    const theirs = paperFigures(network, 'quantized+pruned', 'paper');
    const row = results.find(network, 'paper', 'quantized+pruned');
    const floats = results.find(network, 'paper', 'none');
    const patients = results.find(network, 'patient-separated', 'quantized+pruned');
    const device = deviceCountOf(context, row);
    return [
      cell(networkTitle(network)),
      theirs === null ? null : cell(paperShare(theirs.accuracy)),
      theirs === null ? null : cell(String(theirs.megabytes)),
      floats === null ? cell('not measured', 'quiet') : cell(share(floats.accuracy)),
      row === null ? cell('not measured', 'quiet') : cell(share(row.accuracy)),
      row === null ? null : cell(megabytes(row.archiveBytes)),
      row === null || theirs === null
        ? null
        : cell(((theirs.megabytes * MEGABYTE) / row.archiveBytes).toFixed(1)),
      counted(device?.instructions?.arm1176),
      counted(device?.instructions?.a53),
      device === null ? cell('not measured', 'quiet') : cell(megabytes(device.memoryBytes)),
      patients === null ? cell('not measured', 'quiet') : cell(spreadOfRows(results.draws(patients))),
      patients === null ? null : cell(share(baseRate(patients))),
    ];
  });
  const isElsewhere = NETWORKS.some(
    (network) => (smallestArchive(context, network)?.seed ?? FIRST_SEED) !== FIRST_SEED,
  );
  return {
    id: 'answers',
    title: "The paper's two questions",
    blocks: [
      paragraph(
        { strong: 'How accurate is a compressed network on a small computer?' },
        ' ',
        ...accuracyOf(context, others),
      ),
      paragraph({ strong: 'What does it need there?' }, ' ', ...needsOf(context, NETWORKS)),
      {
        kind: 'table',
        caption: 'Quantized and pruned, as an archive: the paper and ours',
        columns: COLUMNS,
        rows,
      },
      paragraph(
        'MB: the archive. In floats: the same network before. Instructions and memory (weights, and every value of a beat) are those of our own executor, emulated on the ARM1176 of the paper’s Zero and the Cortex-A53 of the Zero 2 W; Node and the daemon come on top (docs/paper.md). ' +
          'New patients: median (lowest to highest) of several trainings, or one training. Always N: the accuracy of calling every beat normal.',
      ),
      smallestTable(context, NETWORKS),
      paragraph(
        'By any method. Of its floats: the archive as a share of the float file. “Weights-16000”: bits, zeros and shared levels are chosen layer by layer by how far answers move, until the weights take about 16,000 bytes; what every channel has besides comes on top. Fewer channels: most are left out before.' +
          (isElsewhere ? ' “Split 2”: trained and tested on beats drawn anew.' : ''),
      ),
      paragraph({ strong: 'How far can this be trusted?' }),
      { kind: 'list', items: doubtsOf(context, NETWORKS, targetsMissed(context)) },
      paragraph(
        { strong: 'What follows' },
        `: ${count} results, written by `,
        { code: 'npm run trainer -- report' },
        '. The numbers in the columns "made by" are those of the commands at the end; plots and matrices are made by the commands of their rows in "Where the figures come from". A dash is a figure that is not known.',
      ),
    ],
  };
}

function accuracyOf({ results }: ReportContext, others: readonly NewPatients[]): Text {
  const rows = PAPER_NETWORKS.flatMap((network) => results.find(network, 'paper', 'quantized+pruned') ?? []);
  const patients = results.find(OURS, 'patient-separated', 'quantized+pruned');
  const [least, most] = rangeOf(rows.map(({ accuracy }) => accuracy));
  const theirs = PAPER_NETWORKS.flatMap(
    (network) => paperFigures(network, 'quantized+pruned', 'paper')?.accuracy ?? [],
  );
  if (rows.length === 0) return ['Not measured.'];
  return [
    `Of beats of patients that it has learnt from, quantized and pruned, ${percentOf(least, 1)} to ${percentOf(most, 1)} are named rightly by the paper's ` +
      `${rows.length} networks (the paper: ${percentOf(Math.min(...theirs), 1)} to ${percentOf(Math.max(...theirs), 1)}). ${lossOf(results)}New patients cost far more: `,
    ...(patients === null
      ? ['of patients never seen nothing is measured here.']
      : [
          `of patients never seen ${networkTitle(OURS)}, a small network of our own, names ${spreadOfRows(results.draws(patients))} of the beats rightly (six classes), where calling every beat normal ` +
            `names ${share(baseRate(patients))}.${othersOf(results)}${withOurImage(others)}`,
        ]),
    ' What a bedside needs, ventricular and supraventricular beats of the next patient, is in "New patients" below.',
  ];
}

/** What compression takes of the accuracy, over the paper's networks. */
function lossOf(results: ResultIndex): string {
  const pairs = PAPER_NETWORKS.flatMap((network) => {
    const [floats, row] = (['none', 'quantized+pruned'] as const).map((method) =>
      results.find(network, 'paper', method),
    );
    return floats && row ? [[floats.accuracy, row.accuracy] as const] : [];
  });
  if (pairs.length === 0) return '';
  const [least, most] = rangeOf(pairs.map(([before, after]) => before - after));
  const [fewest, worst] = rangeOf(pairs.map(([before, after]) => (1 - after) / (1 - before) - 1));
  return `Compression costs ${(100 * least).toFixed(1)} to ${(100 * most).toFixed(1)} points, ${percentOf(fewest, 0)} to ${percentOf(worst, 0)} more errors. `;
}

/** What the paper's networks reach of new patients, beside ours. */
function othersOf(results: ResultIndex): string {
  const rows = PAPER_NETWORKS.flatMap(
    (network) => results.find(network, 'patient-separated', 'quantized+pruned') ?? [],
  );
  if (rows.length === 0) return '';
  const said = rows.map((row) => `${networkTitle(row.network)} ${share(row.accuracy)}`).join(' and ');
  return ` Of the paper's networks, which see one beat as a picture, ${said}: little more.`;
}

/** Whether the picture or the network was at fault. */
function withOurImage(others: readonly NewPatients[]): string {
  const said = PAPER_NETWORKS.flatMap((network) => {
    const measured = others.find((other) => other.network === `${network}-leads`);
    const figures = (measured?.seeds ?? []).flatMap(({ twoLeads }) => figuresOfGroup(twoLeads, 'DS2') ?? []);
    const of = (read: (one: (typeof figures)[number]) => number | null): string => {
      const median = medianOf(figures.map(read));
      return median === null ? '-' : share(median);
    };
    return figures.length === 0
      ? []
      : [
          ` ${networkTitle(network)} with the image and the lessons of our network for new patients names ${of(({ accuracy }) => accuracy)} of five classes and finds ${of(({ V }) => V.sensitivity)} of ` +
            `the ventricular beats, but ${of(({ S }) => S.sensitivity)} of the supraventricular ones. That is one training of each, with other classes, two leads and more patients than before, and always normal names ${of(({ alwaysNormal }) => alwaysNormal)} there: image and lessons help, how much each does this does not tell.`,
        ];
  });
  return said.join('');
}

function rangeOf(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
