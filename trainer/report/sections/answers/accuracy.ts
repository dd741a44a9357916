/** The paper's first question in words: how accurate compressed networks are. */
import type { EctopicFigures } from '../../../evaluate/ectopic.ts';
import { medianOf, type NewPatients } from '../../../evaluate/new-patients.ts';
import { PAPER_NETWORKS, paperFigures } from '../../../evaluate/paper-table.ts';
import { figuresOfGroup, type Group } from '../../../evaluate/run-figures.ts';
import type { ReportContext } from '../../context.ts';
import type { Text } from '../../document.ts';
import { networkTitle, percentOf } from '../../figures.ts';
import type { ResultIndex } from '../../result-index.ts';
import { baseRate, spreadOfRows, spreadOfValues } from '../../spread.ts';

/** Of patients never seen, by networks of five classes that see both leads. */
export interface OfNewPatients {
  /** The network that the daemon ships; null: not measured. */
  readonly shipped: NewPatients | null;
  /** Networks that saw the same image and had the same lessons. */
  readonly others: readonly NewPatients[];
}

/** By the paper's protocol. */
export function knownPatients({ results }: ReportContext): Text {
  const rows = PAPER_NETWORKS.flatMap((network) => results.find(network, 'paper', 'quantized+pruned') ?? []);
  if (rows.length === 0) return ['Not measured.'];
  const theirs = PAPER_NETWORKS.flatMap(
    (network) => paperFigures(network, 'quantized+pruned', 'paper')?.accuracy ?? [],
  );
  return [
    `Quantized and pruned, the paper's ${rows.length} networks name ${rangeOf(rows.map(({ accuracy }) => accuracy))} of the beats rightly (the paper: ${rangeOf(theirs)}). ` +
      `These are beats of patients that they were trained on, too; calling every beat normal would name ${percentOf(baseRate(rows[0]!), 1)}.${lossOf(results)}`,
  ];
}

/** @param ours the network of our own beside those of the paper */
export function newPatients({ results }: ReportContext, ours: string): Text {
  return [sixClasses(results, ours)];
}

/** Empty where nothing is measured. */
export function withMoreToSee(patients: OfNewPatients): Text {
  const said = [withOurImage(patients), shippedOf(patients)].filter((text) => text !== '');
  return said.length === 0 ? [] : [said.join(' ')];
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
  const points = pairs.map(([before, after]) => 100 * (before - after));
  const errors = pairs.map(([before, after]) => (1 - after) / (1 - before) - 1);
  return ` On the first split compression costs ${Math.min(...points).toFixed(2)} to ${Math.max(...points).toFixed(2)} points of accuracy: ${rangeOf(errors, 0)} more wrong beats.`;
}

/** The paper's classes, by one lead. */
function sixClasses(results: ResultIndex, ours: string): string {
  const row = results.find(ours, 'patient-separated', 'quantized+pruned');
  if (row === null) return 'Of patients never seen nothing is measured here.';
  const others = PAPER_NETWORKS.flatMap(
    (network) => results.find(network, 'patient-separated', 'quantized+pruned') ?? [],
  ).map((other) => `${networkTitle(other.network)} ${spread(results, other)}`);
  return (
    `Far fewer beats of patients never seen are named rightly: ${networkTitle(ours)}, a small network of our own that also sees the patient's typical beat and the intervals around the beat, names ${spread(results, row)} of them, ` +
    `where calling every beat normal names ${percentOf(baseRate(row), 1)}.` +
    (others.length === 0
      ? ''
      : ` Of the paper's networks, which see one beat as a picture, ${enumerated(others)}: little more than that.`)
  );
}

const spread = (results: ResultIndex, row: Parameters<ResultIndex['draws']>[0]): string =>
  spreadOfRows(results.draws(row), undefined, (value) => percentOf(value, 1));

/** Whether the picture or the network was at fault. */
function withOurImage({ shipped, others }: OfNewPatients): string {
  return PAPER_NETWORKS.flatMap((network) => {
    const other = others.find((one) => one.network === `${network}-leads`);
    const said = other === undefined ? null : foundIn(other);
    return said === null
      ? []
      : `Given the input and the training data of ${shipped?.network ?? 'our network'} (two leads, more patients, five other classes, of which normal holds bundle branch block too), ${networkTitle(network)} names ${said}: another question than the one before, so its figures do not compare with those; what of all that helped was not taken apart.`;
  }).join(' ');
}

/** What the daemon calls beats by. */
function shippedOf({ shipped }: OfNewPatients): string {
  const said = shipped === null ? null : foundIn(shipped);
  return said === null
    ? ''
    : `${shipped!.network} itself names ${said}.${onFolds(shipped!)} These are its floats; the weights that the daemon ships are of the same recipe in 8 bits, and were trained on these patients, too: "New patients: N, S, V, F and Q" has more.`;
}

/** Of DS2, two leads; null: not measured. */
function foundIn({ seeds }: NewPatients): string | null {
  const figures = seeds.flatMap(({ twoLeads }) => figuresOfGroup(twoLeads, 'DS2') ?? []);
  if (figures.length === 0) return null;
  const of = spreadOver(figures);
  const middle = (read: (one: EctopicFigures) => number | null): string =>
    spreadOfValues([medianOf(figures.map(read))], inPercent);
  return (
    `${of(({ accuracy }) => accuracy)} of new patients' beats, where calling every beat normal names ${percentOf(figures[0]!.alwaysNormal, 1)}, and finds ${of(({ V }) => V.sensitivity)} of the ventricular ` +
    `and ${of(({ S }) => S.sensitivity)} of the supraventricular ones (of those that it calls so ${middle(({ V }) => V.positivePredictivity)} and ${middle(({ S }) => S.positivePredictivity)} are)`
  );
}

const HELD_OUT: readonly [Group, string][] = [
  ['DS1', 'of the arrhythmia database'],
  ['svdb', 'of the supraventricular one'],
];

/** DS2 is the group that reads best: what the network finds of patients held out of its other records. */
function onFolds({ seeds }: NewPatients): string {
  const said = HELD_OUT.flatMap(([group, named]) => {
    const figures = seeds.flatMap(({ twoLeads }) => figuresOfGroup(twoLeads, group) ?? []);
    const of = spreadOver(figures);
    return figures.length === 0
      ? []
      : `${named} ${of(({ V }) => V.sensitivity)} and ${of(({ S }) => S.sensitivity)}`;
  });
  return said.length === 0
    ? ''
    : ` Of patients held out of the records that it trains on it finds fewer, ventricular and supraventricular: ${said.join(', ')}.`;
}

const spreadOver =
  (figures: readonly EctopicFigures[]) =>
  (read: (one: EctopicFigures) => number | null): string =>
    spreadOfValues(figures.map(read), inPercent);

const inPercent = (value: number): string => percentOf(value, 1);

function enumerated(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((text) => text !== '').join(' and ');
}

function rangeOf(values: readonly number[], digits = 1): string {
  return `${percentOf(Math.min(...values), digits)} to ${percentOf(Math.max(...values), digits)}`;
}
