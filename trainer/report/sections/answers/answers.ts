/** The first page: the paper's two questions in words, and how far the answers can be trusted. */
import { MEGABYTE } from '@rhythmd/shell/megabyte.ts';
import { PAPER_NETWORKS, paperFigures } from '../../../evaluate/paper-table.ts';
import { FIRST_SEED } from '../../../evaluate/result-row.ts';
import type { ReportContext } from '../../context.ts';
import { FAST_HEART_PER_MINUTE } from '../../device-counts.ts';
import { type Cell, type Column, cell, paragraph, type Section } from '../../document.ts';
import { megabytes, networkTitle, paperShare, share } from '../../figures.ts';
import { baseRate, spreadOfRows } from '../../spread.ts';
import { counted, deviceCountOf } from '../cost.ts';
import { knownPatients, newPatients, type OfNewPatients, withMoreToSee } from './accuracy.ts';
import { CYCLES_COLUMN, cyclesLeft } from './cycles.ts';
import { doubtsOf } from './doubts.ts';
import { needsOf } from './needs.ts';
import { smallestArchive, smallestTable } from './smallest.ts';

const OURS = 'beatnet';
const NETWORKS = [...PAPER_NETWORKS, OURS];
const COLUMNS: readonly Column[] = [
  { title: 'network', align: 'left' },
  { title: 'accuracy', group: 'the paper', align: 'right' },
  { title: 'MB', group: 'the paper', align: 'right' },
  { title: 'before', group: 'ours', align: 'right' },
  { title: 'accuracy', group: 'ours', align: 'right' },
  { title: 'MB', group: 'ours', align: 'right' },
  { title: 'times smaller', group: 'ours', align: 'right' },
  { title: 'ARM1176', group: 'million instructions', align: 'right' },
  { title: 'A53', group: 'million instructions', align: 'right' },
  CYCLES_COLUMN,
  { title: 'MB', group: 'memory', align: 'right' },
  { title: 'accuracy', group: 'ours, new patients', align: 'right' },
  { title: 'always N', group: 'ours, new patients', align: 'right' },
];

/** @param patients figures of patients never seen */
export function answers(
  context: ReportContext,
  patients: OfNewPatients = { shipped: null, others: [] },
): Section {
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
      cyclesLeft(device?.instructions?.arm1176),
      device === null ? cell('not measured', 'quiet') : cell(megabytes(device.memoryBytes)),
      patients === null ? cell('not measured', 'quiet') : cell(spreadOfRows(results.draws(patients))),
      patients === null ? null : cell(share(baseRate(patients))),
    ];
  });
  const isElsewhere = NETWORKS.some(
    (network) => (smallestArchive(context, network)?.seed ?? FIRST_SEED) !== FIRST_SEED,
  );
  const wider = withMoreToSee(patients);
  return {
    id: 'answers',
    title: "The paper's two questions",
    blocks: [
      paragraph(
        { strong: 'How accurate is a compressed network on a small computer?' },
        ' ',
        ...knownPatients(context),
      ),
      paragraph({ strong: 'And of a new patient?' }, ' ', ...newPatients(context, OURS)),
      ...(wider.length === 0
        ? []
        : [paragraph({ strong: 'With more to see and to learn from?' }, ' ', ...wider)]),
      paragraph({ strong: 'What does it need there?' }, ' ', ...needsOf(context, NETWORKS)),
      {
        kind: 'table',
        caption: 'Quantized and pruned, as an archive: the paper and ours',
        columns: COLUMNS,
        rows,
      },
      paragraph(
        'MB: the ZIP archive. Before: the accuracy of the same network before compression; precision and recall are in Tables 3 to 6. Instructions are those of one beat, memory is weights and every value of a beat, both of our own program that runs networks, emulated on the ARM1176 of the paper’s Zero and the Cortex-A53 of the Zero 2 W; Node and the daemon, which reads the ECG, come on top (docs/paper.md). ' +
          `ARM1176, cycles: how many an instruction may take, on average, if the ARM1176 at 1 GHz is to keep up with a heart at ${FAST_HEART_PER_MINUTE}/min. New patients: the same network trained on other records, its archive a little smaller or larger; median (lowest to highest) of several trainings, of four the second lowest, or one training. Always N: the accuracy of calling every beat normal.`,
      ),
      smallestTable(context, NETWORKS),
      paragraph(
        'By any method, of known patients. Of its floats: the archive as a share of the file before compression. Clustered: the weights of a layer share a few values. Fewer channels: most channels (filters) are removed first, and the rest is trained for some epochs more, so that some name more than their floats did. “Weights-16000”: then bits, zeros and shared levels of each layer are chosen by how much outputs change, until all weights take about 16,000 bytes. ' +
          'The rest of an archive is what every channel has besides (an offset, scales) and what the file says of the layers.' +
          (isElsewhere ? ' “Split 2”: trained and tested on beats drawn anew.' : ''),
      ),
      paragraph({ strong: 'How far can this be trusted?' }),
      { kind: 'list', items: doubtsOf(context, NETWORKS) },
      paragraph(
        { strong: 'What follows' },
        `: ${results.rows.length} results, and ${results.everyDraw.length - results.rows.length} more of the same recipes with other seeds, written by `,
        { code: 'npm run trainer -- report' },
        '. In the tables that follow the numbers in the columns "made by" are those of the commands at the end; plots and matrices are made by the commands of their rows in "Where the figures come from". A dash is a figure that is not known.',
      ),
    ],
  };
}
