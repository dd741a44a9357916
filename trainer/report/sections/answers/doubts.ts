/** How far the first page can be trusted. */
import { PAPER_NETWORKS } from '../../../evaluate/paper-table.ts';
import { METHODS, type ResultRow } from '../../../evaluate/result-row.ts';
import { SHARED_PATIENT } from '../../../evaluate/shared-patient.ts';
import type { ReportContext } from '../../context.ts';
import type { Text } from '../../document.ts';
import { methodTitle, networkTitle, percentOf } from '../../figures.ts';
import { spreadOfRows } from '../../spread.ts';

/** @param missed targets of the section "Targets", and how many there are */
export function doubtsOf(
  context: ReportContext,
  networks: readonly string[],
  missed: [number, number],
): Text[] {
  return [
    [
      'Nothing ran on hardware: instructions are counted in an emulator, sizes and accuracies are those of the files.',
    ],
    [
      "The paper's protocol draws its test beats at random, so a patient's other beats were trained on. It is shown because the paper has it. " +
        `New patients stand beside it where they were measured; not for ${unmeasured(context, networks)}.`,
    ],
    [
      'Of new patients a figure is of one training unless a range stands there. A range is wider than most differences between methods: inside it no method is better than another. "Always N" is what calling every beat normal reaches.',
    ],
    [
      `Records ${SHARED_PATIENT.trained} (trained on) and ${SHARED_PATIENT.tested} (tested) are of one man.${withoutShared(context, networks)}`,
    ],
    looks(context),
    [splits(context)],
    [
      'The smallest archives were chosen by the test beats: of several points that with the fewest bytes at 98 % or more. One just above 98 % may be there by luck; the scatter of so many beats is 0.1 points.',
    ],
    [
      "The paper's float files are larger than those of the same networks here, and it does not say why. So against their own floats the networks of the first table shrink less than the paper's; those of the second table shrink more wherever channels were left out.",
    ],
    [`${missed[0]} of ${missed[1]} targets are missed: "Targets".`],
    [
      'The five networks are trained for minutes to hours on one core; a network given more time may do better.',
    ],
  ];
}

function unmeasured({ results }: ReportContext, networks: readonly string[]): string {
  const missing = networks.filter(
    (network) => results.find(network, 'patient-separated', 'quantized+pruned') === null,
  );
  return missing.length === 0 ? 'none of the tables' : missing.map(networkTitle).join(', ');
}

function withoutShared({ results }: ReportContext, networks: readonly string[]): string {
  const said = networks.flatMap((network) => {
    const row = results.find(network, 'patient-separated', 'quantized+pruned');
    const draws = row === null ? [] : results.draws(row);
    const text = spreadOfRows(draws, ({ withoutSharedPatient }) => withoutSharedPatient?.accuracy);
    return text === '-' ? [] : [`${networkTitle(network)} ${text}`];
  });
  return said.length === 0 ? '' : ` Without ${SHARED_PATIENT.tested}: ${said.join(', ')}.`;
}

/** How often test sets were looked at, and what was decided after that. */
function looks({ openings }: ReportContext): Text {
  const timesOf = (name: string): number =>
    openings.filter(({ testSet }) => testSet === name).reduce((sum, { times = 1 }) => sum + times, 0);
  return [
    `Test sets were looked at more than once: DS2, the 22 records of new patients, ${timesOf('DS2')} times and the paper's first random quarter ${timesOf('paper, seed 1')} times by the ledger (`,
    { code: 'trainer/results/test-set-openings.jsonl' },
    '), which does not hold the looks before it was begun. After figures of that quarter had been seen, training was prolonged, and how much is pruned of the ResNets and settings of low rank, channel pruning and the curve were changed (docs/training.md). ' +
      'So the accuracies of the first split are a little too good.',
  ];
}

/** Which recipes were trained on beats drawn anew, by network. */
function splits({ seeds }: ReportContext): string {
  const drawn = seeds.filter(({ protocol }) => protocol === 'paper');
  const networks = [...new Set(drawn.map(({ network }) => network))].sort(
    (a, b) => Number(PAPER_NETWORKS.includes(b)) - Number(PAPER_NETWORKS.includes(a)) || (a < b ? -1 : 1),
  );
  if (networks.length === 0) return 'No other split is measured: each figure is one draw.';
  const said = networks.map((network) => {
    const rows = drawn.filter((row) => row.network === network);
    const count = new Set(rows.map(({ seed }) => seed)).size;
    const methods = METHODS.filter((method) => rows.some((row) => row.method === method));
    return `${networkTitle(network)} on ${count} (${methods.map((method) => methodTitle({ method })).join(', ')}: ${range(rows)})`;
  });
  return `So recipes were trained on beats drawn anew, with nothing chosen by these figures: ${said.join('; ')}. What is not named is one draw. All of them: "Other splits, other seeds".`;
}

function range(rows: readonly ResultRow[]): string {
  const accuracies = rows.map(({ accuracy }) => accuracy);
  const [least, most] = [Math.min(...accuracies), Math.max(...accuracies)];
  return least === most ? percentOf(least, 2) : `${percentOf(least, 2)} to ${percentOf(most, 2)}`;
}
