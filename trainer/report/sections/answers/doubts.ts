/** How far the first page can be trusted. */
import { PAPER_NETWORKS } from '../../../evaluate/paper-table.ts';
import { FIRST_SEED, type ResultRow } from '../../../evaluate/result-row.ts';
import { SHARED_PATIENT } from '../../../evaluate/shared-patient.ts';
import type { ReportContext } from '../../context.ts';
import type { Text } from '../../document.ts';
import { networkTitle, percentOf } from '../../figures.ts';
import { spreadOfRows } from '../../spread.ts';
import { targetsOverview } from '../targets.ts';
import { smallestArchive } from './smallest.ts';

/** As the ledger calls the paper's random quarters. */
const SPLITS = 'paper, seed ';
const FIRST_SPLIT = `${SPLITS}${FIRST_SEED}`;

export function doubtsOf(context: ReportContext, networks: readonly string[]): Text[] {
  return [
    [
      'Nothing ran on a Zero: instructions are counted in an emulator, sizes and accuracies are those of the files, and milliseconds in the tables further down those of a PC.',
    ],
    [
      "The paper's protocol draws its test beats at random, so a patient's other beats were trained on. It is shown because the paper has it. " +
        `New patients stand beside it where the quantized and pruned network was asked about them: not for ${unmeasured(context, networks)}.`,
    ],
    [
      'A figure of new patients without a range comes from one training. A range is wider than most differences between methods: inside it no method is better than another. ' +
        epochs(context, networks),
    ],
    [
      `Records ${SHARED_PATIENT.trained} (trained on) and ${SHARED_PATIENT.tested} (tested) are of one man.${withoutShared(context, networks)}`,
    ],
    looks(context),
    [drawnAnew(context, networks)],
    [luckOf(context)],
    [
      "The paper's float files are larger than those of the same networks here, and it does not say why. So against their own floats the networks of the first table shrink less than the paper's; those of the second table shrink more wherever channels were left out.",
    ],
    [targetsOf(context)],
    [
      'The five networks are trained for minutes to hours on one core; a network given more time may do better.',
    ],
  ];
}

/** How long the networks of the paper were trained before compression. */
function epochs({ results }: ReportContext, networks: readonly string[]): string {
  const said = networks.flatMap((network) => {
    const [known, fresh] = (['paper', 'patient-separated'] as const).map((protocol) =>
      results.find(network, protocol, 'none'),
    );
    const isShown = results.find(network, 'patient-separated', 'quantized+pruned') !== null;
    return PAPER_NETWORKS.includes(network) && isShown && known && fresh
      ? [`${networkTitle(network)} ${fresh.epochs} (${known.epochs})`]
      : [];
  });
  return said.length === 0
    ? ''
    : `Epochs of training for new patients, in brackets for the paper’s protocol: ${said.join(', ')}; whether more would help was not tried.`;
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
  const timesOf = (isMeant: (testSet: string) => boolean): number =>
    openings.filter(({ testSet }) => isMeant(testSet)).reduce((sum, { times = 1 }) => sum + times, 0);
  const isFirst = (testSet: string): boolean => testSet === FIRST_SPLIT;
  return [
    `Test sets were looked at more than once. The ledger (`,
    { code: 'trainer/results/test-set-openings.jsonl' },
    `) has ${timesOf((testSet) => testSet === 'DS2')} lookings at DS2, the 22 records of new patients, ${timesOf(isFirst)} at the paper's first random quarter and ${timesOf((testSet) => testSet.startsWith(SPLITS) && !isFirst(testSet))} at quarters ` +
      'drawn anew; of the time before it was begun it has those alone that result files and docs/training.md still told, and it has none of end-to-end scores. After figures of the first quarter had been seen some networks were trained for longer and some settings of their compression were changed (docs/training.md), ' +
      'so its accuracies are a little too good. Parts of beatnet and beatnet2 were chosen after figures of DS2 had been seen, so theirs of new patients are, too; a stricter figure needs other records.',
  ];
}

/** Which recipes were trained on other splits, and which rows of the first page are one draw. */
function drawnAnew({ results, seeds }: ReportContext, networksOfPage: readonly string[]): string {
  const drawn = seeds.filter(({ protocol }) => protocol === 'paper');
  const networks = networksOfPage.filter((network) => drawn.some((row) => row.network === network));
  if (networks.length === 0) return 'No other split is measured: each figure is one draw.';
  const said = networks.map((network) => {
    const rows = drawn.filter((row) => row.network === network);
    const count = new Set(rows.map(({ seed }) => seed)).size;
    return `${networkTitle(network)} ${range(rows)} (${count})`;
  });
  const once = PAPER_NETWORKS.filter((network) => {
    const row = results.find(network, 'paper', 'quantized+pruned');
    return row !== null && results.draws(row).length === 1;
  }).map(networkTitle);
  const smallest = networksOfPage
    .map((network) => smallestArchive({ results }, network))
    .filter((row) => row !== null && results.draws(row).length === 1)
    .map((row) => networkTitle(row!.network));
  return (
    `On splits drawn anew they name, floats and compressed: ${said.join(', ')}; in brackets how many splits. Recipes that stand on the first split were trained there as they are; what was tried on another one alone (whole channels left out, distilled) is counted, too. ` +
    `${ofOneSplit('first', once)}${ofOneSplit('second', smallest)}` +
    'All of them: "Other splits, other seeds".'
  );
}

const ofOneSplit = (table: string, titles: readonly string[]): string =>
  titles.length === 0
    ? ''
    : `Of the ${table} table ${titles.length === 1 ? 'the row' : 'the rows'} of ${titles.join(', ')} ${titles.length === 1 ? 'is' : 'are'} of one split alone. `;

/** Two standard deviations of 98 % of so many independent beats are 0.17 points. */
function luckOf({ results }: ReportContext): string {
  const beats = results.rows.find(({ protocol }) => protocol === 'paper')?.metrics.beats;
  const figure = beats === undefined ? 'such a figure' : `a figure of ${beats.toLocaleString('en-US')} beats`;
  return (
    'Which archive is shown as the smallest was chosen by the test beats, on other splits too: of several that with the fewest bytes at 98 % or more. ' +
    `One just above 98 % may be there by luck: chance alone moves ${figure} by 0.1 points often, by more than 0.2 seldom, and further where beats of a patient go wrong together.`
  );
}

function targetsOf(context: ReportContext): string {
  const { met, missed, unmeasured } = targetsOverview(context);
  const all = met + missed.length + unmeasured.length;
  const list = (what: string, names: readonly string[]): string =>
    names.length === 0 || names.length === all ? '' : ` ${what}: ${names.join('; ')}.`;
  return `${met} of ${all} targets, the paper's sizes and accuracies and our own, are met.${list('Missed', missed)}${list('Not measured', unmeasured)}`;
}

function range(rows: readonly ResultRow[]): string {
  const accuracies = rows.map(({ accuracy }) => accuracy);
  const [least, most] = [Math.min(...accuracies), Math.max(...accuracies)];
  return least === most ? percentOf(least, 2) : `${percentOf(least, 2)} to ${percentOf(most, 2)}`;
}
