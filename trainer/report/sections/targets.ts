/** What must be reached, and whether it is. */
import { commandFor } from '../../evaluate/commands.ts';
import { PAPER_NETWORKS } from '../../evaluate/paper-table.ts';
import {
  type Assessment,
  assessFloatAccuracy,
  assessIntegers,
  assessLoss,
  assessMemory,
  assessOtherSplits,
  assessQuantizedPrunedAccuracy,
  assessQuantizedPrunedSize,
  assessSizeOf,
  assessSmallest,
  assessSpeed,
} from '../assess.ts';
import type { ReportContext } from '../context.ts';
import { type Cell, type Column, cell, paragraph, type Section } from '../document.ts';
import { networkTitle } from '../figures.ts';
import { commandOfRow } from '../result-index.ts';
import { SPEED_COMMAND } from '../speed.ts';

interface Target {
  readonly group: string;
  readonly title: string;
  /** null: there is none for this network. */
  readonly of: (context: ReportContext, network: string) => Assessment | null;
}

const FIGURES: readonly Target[] = [
  { group: 'floats', title: 'accuracy', of: ({ results }, network) => assessFloatAccuracy(results, network) },
  {
    group: 'quantized',
    title: 'MB',
    of: ({ results }, network) => assessSizeOf(results, network, 'quantized'),
  },
  {
    group: 'quantized',
    title: 'lost',
    of: ({ results }, network) => assessLoss(results, network, 'quantized'),
  },
  { group: 'pruned', title: 'MB', of: ({ results }, network) => assessSizeOf(results, network, 'pruned') },
  { group: 'pruned', title: 'lost', of: ({ results }, network) => assessLoss(results, network, 'pruned') },
  {
    group: 'quantized + pruned',
    title: 'MB',
    of: ({ results }, network) => assessQuantizedPrunedSize(results, network),
  },
  {
    group: 'quantized + pruned',
    title: 'accuracy',
    of: ({ results }, network) => assessQuantizedPrunedAccuracy(results, network),
  },
  {
    group: 'lowest of the other splits',
    title: 'floats',
    of: ({ results }, network) => assessOtherSplits(results, network, 'none'),
  },
  {
    group: 'lowest of the other splits',
    title: 'quantized + pruned',
    of: ({ results }, network) => assessOtherSplits(results, network, 'quantized+pruned'),
  },
  {
    group: 'any method',
    title: 'MB at 0.980',
    of: ({ results }, network) => assessSmallest(results, network),
  },
  {
    group: 'integers',
    title: 'as fake-quantized',
    of: ({ results }, network) => assessIntegers(results, network),
  },
  { group: 'training', title: 'times PyTorch', of: ({ speed }, network) => assessSpeed(speed, network) },
  { group: 'training', title: 'memory, MB', of: ({ speed }, network) => assessMemory(speed, network) },
];

const ROWS_ASKED = ['none', 'quantized', 'pruned', 'clustered+pruned', 'quantized+pruned'] as const;
const METHODS_ASKED = ['none', 'quantized', 'pruned', 'quantized+pruned'] as const;

/** How many are met, which are missed, which nobody knows. */
export interface TargetsOverview {
  readonly met: number;
  /** As `ResNet101 training: times PyTorch 1.19 (≥ 1.2)`. */
  readonly missed: readonly string[];
  readonly unmeasured: readonly string[];
}

export function targetsOverview(context: ReportContext): TargetsOverview {
  return overviewOf(assess(context));
}

const assess = (context: ReportContext): (Assessment | null)[][] =>
  PAPER_NETWORKS.map((network) => FIGURES.map(({ of }) => of(context, network)));

function overviewOf(assessed: readonly (readonly (Assessment | null)[])[]): TargetsOverview {
  const all = assessed.flatMap((figures, network) =>
    figures.flatMap((one, figure) => {
      if (one === null) return [];
      const { group, title } = FIGURES[figure]!;
      const name = `${networkTitle(PAPER_NETWORKS[network]!)} ${group}: ${title}`;
      return [{ ...one, name: one.measured === null ? name : `${name} ${one.measured} (${one.mustBe})` }];
    }),
  );
  const namesOf = (isMet: boolean | null): string[] =>
    all.filter((one) => one.isMet === isMet).map(({ name }) => name);
  return { met: namesOf(true).length, missed: namesOf(false), unmeasured: namesOf(null) };
}

export function targets(context: ReportContext): Section {
  const { commands } = context;
  const assessed = assess(context);
  const { met, missed, unmeasured } = overviewOf(assessed);
  const columns: Column[] = [
    { title: 'network', align: 'left' },
    ...FIGURES.map(({ group, title }): Column => ({ group, title, align: 'right' })),
    { title: 'made by', align: 'right' },
  ];
  return {
    id: 'targets',
    title: 'Targets',
    blocks: [
      paragraph(
        { strong: `${met} of ${met + missed.length + unmeasured.length} targets are met` },
        `, ${missed.length} are missed, ${unmeasured.length} are not measured yet. ${rowsOf(context)}`,
      ),
      {
        kind: 'table',
        caption: "Measured, and what it must be, on the paper's protocol",
        columns,
        rows: PAPER_NETWORKS.map((network, i) => [
          cell(networkTitle(network)),
          ...assessed[i]!.map(cellOf),
          { text: [{ commands: commandsOf(context, network).map((command) => commands.cite(command)) }] },
        ]),
      },
      paragraph(
        '✓ met, ✗ missed, ? not measured. Lost: accuracy below that of the same network in floats. As fake-quantized: share of the test beats on which the integer model ' +
          'answers as the float graph that was trained with rounded numbers, the worst of its integer models (of ResNet101, DenseNet201 and EfficientNetB0 with the graph that they were trained by, whose sums were of rounded floats). ' +
          'Any method: the smallest archive that names 98 % of its test beats, points of the curve and other splits among them. DenseNet201 at eight bits is no file of 18 MB, by arithmetic: docs/training.md. ' +
          "Times PyTorch: processor time of a training step in the paper's batch, theirs over ours.",
      ),
    ],
  };
}

/** How much of the tables is there. */
function rowsOf({ results }: ReportContext): string {
  const asked = PAPER_NETWORKS.flatMap((network) => ROWS_ASKED.map((method) => ({ network, method })));
  const there = asked.filter(({ network, method }) => results.find(network, 'paper', method) !== null);
  return `Of the ${asked.length} rows that five networks owe to Tables 3 to 6, ${there.length} are measured.`;
}

function commandsOf({ results }: ReportContext, network: string): string[] {
  const made = METHODS_ASKED.map((method) => {
    const row = results.find(network, 'paper', method);
    return row === null ? commandFor(network, 'paper', method) : commandOfRow(row);
  });
  return [...made, SPEED_COMMAND];
}

function cellOf(assessment: Assessment | null): Cell | null {
  if (assessment === null) return null;
  const { measured, mustBe, isMet } = assessment;
  if (isMet === null) return cell(`? (${mustBe})`, 'quiet');
  return cell(`${isMet ? '✓' : '✗'} ${measured} (${mustBe})`, isMet ? 'met' : 'missed');
}
