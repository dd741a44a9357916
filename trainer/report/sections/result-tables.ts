/** Tables 3 to 6 as the paper numbers them, ours beside them, and a seventh of what it has no table for. */
import { PAPER_NETWORKS, paperFigures } from '../../evaluate/paper-table.ts';
import type { Method } from '../../evaluate/result-row.ts';
import { type ReportContext, WHY_BOTH } from '../context.ts';
import { type Block, paragraph, type Section } from '../document.ts';
import { ownEntries, paperEntries } from '../entries.ts';
import {
  ACCURACY_COLUMNS,
  COMPRESSION_COLUMNS,
  entryTable,
  METHOD,
  madeBy,
  NETWORK,
  PAPER_COLUMNS,
  PATIENT_COLUMNS,
  SIZE_COLUMNS,
  TIME,
  TRAINING_COLUMNS,
} from '../entry-columns.ts';
import { percentOf } from '../figures.ts';

interface TableOfPaper {
  readonly number: number;
  readonly title: string;
  readonly about: string;
  readonly methods: readonly Method[];
  readonly optional: readonly Method[];
}

const COMPRESSED: readonly TableOfPaper[] = [
  {
    number: 4,
    title: 'Quantized',
    about:
      'Eight bits, trained so; beside it the same network quantized after training, as the baseline. Sizes to compare: the file.',
    methods: ['quantized', 'post-training-quantized'],
    optional: [],
  },
  {
    number: 5,
    title: 'Pruned',
    about:
      'Small weights set to zero, the rest trained on; clustered: weights share a few values. Zeros and repetitions pay off only when archived. Sizes to compare: the archive.',
    methods: ['pruned', 'clustered+pruned'],
    optional: ['clustered'],
  },
  {
    number: 6,
    title: 'Quantized and pruned',
    about: 'Both. Sizes to compare: the archive.',
    methods: ['quantized+pruned'],
    optional: [],
  },
];

const RATE =
  "Rate: compressed size over the size of the network's float file. As floats: share of the test beats answered as by the network before compression. Ms a beat: on the machine that made the row, no Zero.";

export function resultTables({ results, commands }: ReportContext): Section[] {
  const made = madeBy(commands);
  const compressed = [
    ...ACCURACY_COLUMNS,
    ...SIZE_COLUMNS,
    ...COMPRESSION_COLUMNS,
    TIME,
    ...PATIENT_COLUMNS,
    made,
  ];
  return [
    {
      id: 'table-3',
      title: 'Table 3: The networks in floats',
      blocks: [
        entryTable(
          'Table 3. Before compression, under the protocol of the paper and on new patients',
          [
            NETWORK,
            ...PAPER_COLUMNS,
            ...ACCURACY_COLUMNS,
            ...SIZE_COLUMNS,
            ...TRAINING_COLUMNS,
            TIME,
            ...PATIENT_COLUMNS,
            made,
          ],
          paperEntries(results, ['none']),
        ),
        averages(),
        paragraph(WHY_BOTH),
      ],
    },
    ...COMPRESSED.map(({ number, title, about, methods, optional }) => ({
      id: `table-${number}`,
      title: `Table ${number}: ${title}`,
      blocks: [
        paragraph(about),
        entryTable(
          `Table ${number}. ${title}, under the protocol of the paper and on new patients`,
          [NETWORK, METHOD, ...PAPER_COLUMNS, ...compressed],
          paperEntries(results, methods, optional),
        ),
        paragraph(RATE),
        paragraph(WHY_BOTH),
      ],
    })),
    {
      id: 'table-7',
      title: 'Table 7: What the paper leaves to future work',
      blocks: [
        paragraph(
          'Compression decided layer by layer, low rank, distillation, clustering on top of quantization and pruning; and beatnet, a network designed for this task. ' +
            "beatnet sees more than the paper's networks (the beat, the patient's typical beat, the intervals around it) and is normalised as a live daemon can.",
        ),
        entryTable(
          'Table 7. Our own, under the protocol of the paper and on new patients',
          [NETWORK, METHOD, ...compressed],
          ownEntries(results),
        ),
        paragraph(RATE),
        paragraph(WHY_BOTH),
      ],
    },
  ];
}

/** Which averages stand in the tables, and what can be said of the paper's. */
function averages(): Block {
  const distances = PAPER_NETWORKS.flatMap((network) =>
    (['none', 'quantized', 'pruned', 'quantized+pruned'] as const).flatMap((method) => {
      const theirs = paperFigures(network, method, 'paper');
      return theirs === null
        ? []
        : [Math.abs(theirs.precision - theirs.accuracy), Math.abs(theirs.recall - theirs.accuracy)];
    }),
  );
  return paragraph(
    'Precision and recall are averages over the six classes (macro); those marked w. weigh a class by its beats; the weighted recall is not printed, being the accuracy by definition. ' +
      `The paper does not say which average it prints; both lie within ${percentOf(Math.max(...distances), 1)} of its accuracy in every row, ` +
      'as averages over beats do, so the weighted ones are those to compare. The macro ones count the rare classes as much as the normal beats and are the harder figure. ' +
      'Minutes are processor time of the training, on the machine that is named at the end.',
  );
}
