/** The first page: the paper's two questions in words, and how far the answers can be trusted. */
import { MEGABYTE } from '@rhythmd/shell/megabyte.ts';
import { medianOf, type NewPatients } from '../../evaluate/new-patients.ts';
import { PAPER_NETWORKS, paperFigures } from '../../evaluate/paper-table.ts';
import type { ResultRow } from '../../evaluate/result-row.ts';
import { figuresOfGroup } from '../../evaluate/run-figures.ts';
import { SHARED_PATIENT } from '../../evaluate/shared-patient.ts';
import { QUANTIZED_PRUNED_ACCURACY } from '../../evaluate/targets.ts';
import type { ReportContext } from '../context.ts';
import { type Cell, type Column, cell, paragraph, type Section, type Text } from '../document.ts';
import { megabytes, methodTitle, networkTitle, paperShare, percentOf, share } from '../figures.ts';
import type { ResultIndex } from '../result-index.ts';
import { baseRate, spreadOfRows } from '../spread.ts';
import { counted, deviceCountOf, instructionsOf, millions } from './cost.ts';

const OURS = 'beatnet';
const COLUMNS: readonly Column[] = [
  { title: 'network', align: 'left' },
  { title: 'accuracy', group: 'the paper', align: 'right' },
  { title: 'MB', group: 'the paper', align: 'right' },
  { title: 'accuracy', group: 'ours', align: 'right' },
  { title: 'MB', group: 'ours', align: 'right' },
  { title: 'times smaller', group: 'ours', align: 'right' },
  { title: 'A53', group: 'million instructions a beat', align: 'right' },
  { title: 'ARM1176', group: 'million instructions a beat', align: 'right' },
  { title: 'memory, MB', group: 'a beat', align: 'right' },
  { title: 'accuracy', group: 'ours, new patients', align: 'right' },
  { title: 'always N', group: 'ours, new patients', align: 'right' },
];

const SMALLEST_COLUMNS: readonly Column[] = [
  { title: 'network', align: 'left' },
  { title: 'MB', group: 'the paper, quantized + pruned', align: 'right' },
  { title: 'what was done', group: 'ours', align: 'left' },
  { title: 'accuracy', group: 'ours', align: 'right' },
  { title: 'MB', group: 'ours', align: 'right' },
  { title: 'times smaller', group: 'ours', align: 'right' },
  { title: 'A53, onnxruntime', group: 'million instructions a beat', align: 'right' },
  { title: 'A53', group: 'million instructions a beat', align: 'right' },
  { title: 'ARM1176', group: 'million instructions a beat', align: 'right' },
  { title: 'memory, MB', group: 'a beat', align: 'right' },
];

/** @param others of the same patients, by networks that saw our image */
export function answers(context: ReportContext, others: readonly NewPatients[] = []): Section {
  const { results } = context;
  const rows = [...PAPER_NETWORKS, OURS].map((network): (Cell | null)[] => {
    const theirs = paperFigures(network, 'quantized+pruned', 'paper');
    const row = results.find(network, 'paper', 'quantized+pruned');
    const patients = results.find(network, 'patient-separated', 'quantized+pruned');
    const device = deviceCountOf(context, row);
    return [
      cell(networkTitle(network)),
      theirs === null ? null : cell(paperShare(theirs.accuracy)),
      theirs === null ? null : cell(String(theirs.megabytes)),
      row === null ? cell('not measured', 'quiet') : cell(share(row.accuracy)),
      row === null ? null : cell(megabytes(row.archiveBytes)),
      row === null || theirs === null
        ? null
        : cell(((theirs.megabytes * MEGABYTE) / row.archiveBytes).toFixed(1)),
      counted(instructionsOf(results, row) ?? device?.instructions?.a53),
      counted(device?.instructions?.arm1176),
      device === null ? cell('not measured', 'quiet') : cell(megabytes(device.memoryBytes)),
      patients === null ? null : cell(spreadOfRows(results.draws(patients))),
      patients === null ? null : cell(share(baseRate(patients))),
    ];
  });
  return {
    id: 'answers',
    title: "The paper's two questions",
    blocks: [
      paragraph(
        { strong: 'How accurate is a compressed network on a small computer?' },
        ' ',
        ...accuracyOf(context, others),
      ),
      paragraph({ strong: 'What does it need there?' }, ' ', ...needsOf(context)),
      {
        kind: 'table',
        caption: 'Quantized and pruned, as an archive: the paper and ours',
        columns: COLUMNS,
        rows,
      },
      paragraph(
        'MB: the archive. Instructions on the Cortex-A53 with onnxruntime where they were counted so, else with our own executor, as on the ARM1176; memory is that of our executor: weights and every value of a beat.',
      ),
      {
        kind: 'table',
        caption: `The smallest archive of each that names ${percentOf(QUANTIZED_PRUNED_ACCURACY, 0)}`,
        columns: SMALLEST_COLUMNS,
        rows: [...PAPER_NETWORKS, OURS].map((network) => smallestOf(context, network)),
      },
      paragraph(
        'By any method. Channels are left out, and bits, zeros and shared levels are chosen layer by layer by how far answers move. “Split 2”: trained and tested on beats drawn anew, with nothing chosen by their figures. ' +
          'A53 and ARM1176: with our own executor, whose memory it is.',
      ),
      paragraph({ strong: 'How far can this be trusted?' }),
      { kind: 'list', items: doubtsOf(context) },
    ],
  };
}

function smallestOf(context: ReportContext, network: string): (Cell | null)[] {
  const { results } = context;
  const theirs = paperFigures(network, 'quantized+pruned', 'paper');
  const row = smallest(results.everyDraw.filter((one) => one.network === network && isAccurate(one)));
  const start = [cell(networkTitle(network)), theirs === null ? null : cell(String(theirs.megabytes))];
  if (row === null) return [...start, cell('not measured', 'quiet'), ...Array<null>(7).fill(null)];
  const device = deviceCountOf(context, row);
  return [
    ...start,
    cell(methodTitle(row)),
    cell(share(row.accuracy)),
    cell(megabytes(row.archiveBytes)),
    theirs === null ? null : cell(((theirs.megabytes * MEGABYTE) / row.archiveBytes).toFixed(1)),
    counted(instructionsOf(results, row) ?? undefined),
    counted(device?.instructions?.a53),
    counted(device?.instructions?.arm1176),
    device === null ? cell('not measured', 'quiet') : cell(megabytes(device.memoryBytes)),
  ];
}

const isAccurate = ({ protocol, method, accuracy }: ResultRow): boolean =>
  protocol === 'paper' && method !== 'none' && accuracy >= QUANTIZED_PRUNED_ACCURACY;

function smallest(rows: readonly ResultRow[]): ResultRow | null {
  return rows.reduce<ResultRow | null>(
    (a, b) => (a === null || b.archiveBytes < a.archiveBytes ? b : a),
    null,
  );
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
      `${rows.length} networks (the paper: ${percentOf(Math.min(...theirs), 1)} to ${percentOf(Math.max(...theirs), 1)}). Compression costs next to nothing; whose beats are asked costs much: `,
    ...(patients === null
      ? ['of patients never seen nothing is measured here.']
      : [
          `of patients never seen ${networkTitle(OURS)}, made for this task, names ${spreadOfRows(results.draws(patients))} of the beats rightly (six classes), where calling every beat normal ` +
            `names ${share(baseRate(patients))}.${othersOf(results)}${withOurImage(others)}`,
        ]),
    ' What a bedside needs, ventricular and supraventricular beats of the next patient, is in "New patients" below.',
  ];
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
            `the ventricular beats, but ${of(({ S }) => S.sensitivity)} of the supraventricular ones. So the paper’s picture was at fault for most of it, and the network for the last.`,
        ];
  });
  return said.join('');
}

/** On the paper's own processor: our smallest and the paper's networks, as far as they were counted. */
function onZero({ device }: ReportContext): string {
  const known = [...PAPER_NETWORKS, OURS].flatMap((network) => {
    const instructions = device.get(network)?.instructions;
    return instructions ? [`${networkTitle(network)} ${millions(instructions.arm1176)}`] : [];
  });
  return known.length === 0
    ? "On the paper's own ARM1176: not measured. "
    : `On the paper's own ARM1176, in 8 bits by our own executor, million instructions a beat: ${known.join(', ')}. `;
}

function needsOf(context: ReportContext): Text {
  const { results } = context;
  const rows = results.rows.filter(isAccurate);
  const least = smallest(rows);
  if (least === null) return ['Not measured.'];
  const ofPaper = smallest(rows.filter(({ network }) => PAPER_NETWORKS.includes(network)));
  const cheapest = rows
    .map((row) => ({ row, count: instructionsOf(results, row) }))
    .filter(({ count }) => count !== null)
    .reduce<{ row: ResultRow; count: number | null } | null>(
      (a, b) => (a === null || b.count! < a.count! ? b : a),
      null,
    );
  const named = (row: ResultRow): string => `${networkTitle(row.network)}, ${share(row.accuracy)}`;
  return [
    `The smallest archive that names 98 % takes ${megabytes(least.archiveBytes)} MB (${named(least)})`,
    ...(ofPaper === null
      ? []
      : [
          `, the smallest of a network of the paper ${megabytes(ofPaper.archiveBytes)} MB (${named(ofPaper)})`,
        ]),
    '; the paper’s smallest takes 0.98 MB (0.895). ',
    cheapest === null
      ? 'Instructions a beat are not measured. '
      : `The cheapest that was counted costs ${millions(cheapest.count!)} million instructions a beat (${named(cheapest.row)}) on an emulated Cortex-A53, the processor of the Zero 2 W. `,
    onZero(context),
    'At 200 beats a minute a beat may take 300 ms, 300 million cycles at 1 GHz. A network of more instructions than that does not keep up, and one of 100 million keeps up if an instruction takes no more than three cycles.',
  ];
}

function doubtsOf({ openings, seeds }: ReportContext): Text[] {
  const timesOf = (set: (name: string) => boolean): number =>
    openings.filter(({ testSet }) => set(testSet)).reduce((sum, { times = 1 }) => sum + times, 0);
  const ds2 = timesOf((name) => name === 'DS2');
  const first = timesOf((name) => name === 'paper, seed 1');
  const others = [...new Set(seeds.filter(({ protocol }) => protocol === 'paper').map(({ seed }) => seed))];
  return [
    [
      'Nothing ran on hardware: instructions are counted in an emulator, sizes and accuracies are those of the files.',
    ],
    [
      "The paper's protocol draws its test beats at random, so a patient's other beats were trained on. It is shown because the paper has it; new patients stand beside it.",
    ],
    [
      `Of new patients the figures are of one training each unless a range stands there, and a range is wider than most differences between methods: no method is better than another within it. "always N" is what calling every beat normal reaches.`,
    ],
    [
      `Records ${SHARED_PATIENT.trained} (trained on) and ${SHARED_PATIENT.tested} (tested) are of one man. Rows trained since that is counted say the figure without ${SHARED_PATIENT.tested} too.`,
    ],
    [
      `Test sets were looked at more than once: DS2 ${ds2} times and the first random quarter ${first} times by the ledger (`,
      { code: 'trainer/results/test-set-openings.jsonl' },
      '), and some training was prolonged after a figure of the first random quarter had been seen (docs/training.md). ',
      others.length === 0
        ? 'No other split is measured.'
        : `So final recipes were trained on ${others.length} more splits without looking: "Other splits, other seeds".`,
    ],
    [
      'The five networks are trained for minutes to hours on one core; a network given more time may do better.',
    ],
  ];
}

function rangeOf(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
