/** Beats of patients never seen: folds and DS2, with two leads and one, and where the wrong ones are. */
import { optionsOf } from '../../evaluate/commands.ts';
import { type EctopicFigures, emptyConfusion } from '../../evaluate/ectopic.ts';
import {
  type Measured,
  medianOf,
  type NewPatients,
  type SeedFigures,
  spreadOf,
} from '../../evaluate/new-patients.ts';
import { FIRST_SEED } from '../../evaluate/result-row.ts';
import { figuresOfGroup, GROUPS, type Group, type RecordFigures } from '../../evaluate/run-figures.ts';
import { SHARED_PATIENT } from '../../evaluate/shared-patient.ts';
import { presetOf, recipeFor } from '../../presets/catalog.ts';
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

const COLUMNS: readonly Column[] = [
  { title: 'patients', align: 'left' },
  { title: 'leads', align: 'right' },
  { title: 'seeds', align: 'right' },
  { title: 'Se', group: 'S', align: 'right' },
  { title: '+P', group: 'S', align: 'right' },
  { title: 'F1', group: 'S', align: 'right' },
  { title: 'Se', group: 'V', align: 'right' },
  { title: '+P', group: 'V', align: 'right' },
  { title: 'F1', group: 'V', align: 'right' },
  { title: 'accuracy of N S V F Q', align: 'right' },
  { title: 'always N', align: 'right' },
];

const WORST_COLUMNS: readonly Column[] = [
  { title: 'record', align: 'left' },
  { title: 'group', align: 'left' },
  { title: 'S beats', align: 'right' },
  { title: 'S missed', align: 'right' },
  { title: 'S false', align: 'right' },
  { title: 'V beats', align: 'right' },
  { title: 'V missed', align: 'right' },
  { title: 'V false', align: 'right' },
];

const TITLES: Readonly<Record<Group, string>> = {
  DS1: 'DS1, folds',
  paced: 'paced records of mitdb, folds',
  svdb: 'svdb, folds',
  DS2: 'DS2, by networks trained on all others',
};
const WITHOUT_202 = 'the same without record 202';
type Way = keyof Measured;
const WAYS = ['twoLeads', 'oneLead', 'taught'] as const satisfies readonly Way[];
const WAY_WORDS: Readonly<Record<Way, string>> = { twoLeads: '2', oneLead: '1', taught: '2, taught' };
const [N, S, V] = [0, 1, 2];
const WORST_RECORDS = 16;

/**
 * @param measured null: not measured
 * @param others networks that saw the same image and had the same lessons
 */
export function newPatients(
  { commands }: ReportContext,
  measured: NewPatients | null,
  others: readonly NewPatients[] = [],
): Section {
  return {
    id: 'new-patients',
    title: 'New patients: N, S, V, F and Q',
    blocks:
      measured === null
        ? [paragraph('Not measured.')]
        : [
            ...blocksOf(measured, commands),
            ...others.flatMap((other) => besideIt(other, measured, commands)),
          ],
  };
}

function besideIt(
  other: NewPatients,
  { network: ours }: NewPatients,
  commands: ReportContext['commands'],
): Block[] {
  const made = commands.cite(newPatientsCommand(other));
  const title = presetOf(other.network)?.title ?? other.network;
  const words = VARIANTS[other.network] ?? ofThePaper(ours);
  return [
    paragraph(`${title}: ${words} Made by `, { commands: [made] }, '.'),
    {
      kind: 'table',
      caption: `${title}: median of the seeds`,
      columns: COLUMNS,
      rows: rowsOf(other),
    },
  ];
}

/** Ours, with something else about it. */
const VARIANTS: Readonly<Record<string, string>> = {
  'beatnet2-two':
    'the same lessons and offsets, and two branches along the beats for supraventricular ones, not three. It shipped before (docs/training.md).',
  'beatnet2-noisy':
    'the same network, which learnt from every record once more with recorded noise in it. It does not ship: docs/training.md has what it gains in noise and what it loses. DS2 was not opened for it.',
};

/** Whether the paper's networks fail at new patients by their picture or by what they are. */
const ofThePaper = (ours: string): string =>
  `a network of the paper with our image and our lessons (two leads, typical beats, the beats around, examples by class, database, record and rhythm, DS1 and svdb). Beside ${ours} above it tells ` +
  "what the network does; beside the same network's row on the paper's picture, what the picture does. It was trained once with nothing chosen.";

function newPatientsCommand({ network, seeds }: NewPatients): string {
  const numbers = seeds.map(({ seed }) => seed).join(',');
  const literature = seeds.some(({ ds1Only }) => ds1Only !== undefined) ? ' --literature' : '';
  const tested = seeds.some(({ twoLeads }) => twoLeads.some(({ group }) => group === 'DS2')) ? ' --ds2' : '';
  return `npm run trainer -- new-patients --net ${network} --seeds ${numbers}${tested}${literature} --publish`;
}

function rowsOf({ seeds }: NewPatients): (Cell | null)[][] {
  const ofSeeds = (
    title: string,
    recordsOf: (seed: SeedFigures, way: Way) => readonly RecordFigures[] | undefined,
    group: Group,
    without?: string,
  ): (Cell | null)[][] =>
    WAYS.flatMap((way) => {
      const all = seeds
        .map((seed) => figuresOfGroup(recordsOf(seed, way) ?? [], group, without))
        .filter((figures) => figures !== null);
      return all.length === 0 ? [] : [rowOf(title, way, all)];
    });
  return [
    ...GROUPS.flatMap((group) => ofSeeds(TITLES[group], (seed, way) => seed[way], group)),
    ...ofSeeds(WITHOUT_202, (seed, way) => seed[way], 'DS2', SHARED_PATIENT.tested),
    ...ofSeeds('DS2, by networks trained on DS1 alone', ({ ds1Only }, way) => ds1Only?.[way], 'DS2'),
    ...ofSeeds(WITHOUT_202, ({ ds1Only }, way) => ds1Only?.[way], 'DS2', SHARED_PATIENT.tested),
  ];
}

function blocksOf(measured: NewPatients, commands: ReportContext['commands']): Block[] {
  const { network, seeds, quantized } = measured;
  const taught = seeds.some((seed) => seed.taught !== undefined)
    ? 'Taught: twelve beats of the first five minutes were named by the reference, and do not count (docs/teaching.md).'
    : 'What twelve named beats of each patient change is not published yet; the command prints it (docs/teaching.md).';
  const made = seeds.length === 0 ? [] : [commands.cite(newPatientsCommand(measured))];
  const run = optionsOf(recipeFor(network, 'new-patients', { seed: quantized?.seed ?? FIRST_SEED }));
  const exported = commands.cite(
    `npm run trainer -- export ${run} --int8 --publish --out models/${network}-without-ds2`,
  );
  const eightBits = [undefined, SHARED_PATIENT.tested].flatMap((without) =>
    (['twoLeads', 'oneLead'] as const).flatMap((way) => {
      const figures = quantized === undefined ? null : figuresOfGroup(quantized[way], 'DS2', without);
      const title = without === undefined ? `DS2, in 8 bits, seed ${quantized?.seed}` : WITHOUT_202;
      return figures === null ? [] : [rowOf(title, way, [figures])];
    }),
  );
  const table: Table = {
    kind: 'table',
    caption: `${network}: median of the seeds (lowest to highest)`,
    columns: COLUMNS,
    rows: [...rowsOf(measured), ...eightBits],
  };
  return [
    paragraph(
      'On reference peaks, whole records, counted as ANSI/AAMI EC57 does; escape beats are normal. A patient is only ever named by a network that did not see them: ' +
        'five folds of patients (DS1, the paced records, the 52 records of svdb that are here), and DS2 by networks trained on all of those. The weights that ship are trained on DS2 too, once these ' +
        'figures are taken, and have none of their own. Record 202 of DS2 is of the patient of record 201 of DS1, so each row of DS2 stands without it, too. “Always N” is the accuracy of calling every beat normal. ' +
        `${taught} Floats, but where 8 bits are told. Made by `,
      { commands: [...made, exported] },
      '; what was decided with DS2 in view is told in docs/training.md.',
    ),
    table,
    ...(seeds.length === 0 ? [] : [worst(seeds)]),
  ];
}

function rowOf(title: string, way: Way, all: readonly EctopicFigures[]): (Cell | null)[] {
  const of = (label: 'S' | 'V'): Cell[] =>
    (['sensitivity', 'positivePredictivity', 'f1'] as const).map((key) =>
      cell(spreadOf(all.map((figures) => figures[label][key]))),
    );
  const accuracy = cell(spreadOf(all.map((figures) => figures.accuracy)));
  return [
    cell(title),
    cell(WAY_WORDS[way]),
    cell(String(all.length)),
    ...of('S'),
    ...of('V'),
    accuracy,
    cell(spreadOf([all[0]!.alwaysNormal])),
  ];
}

/** The records with most wrong S and V, medians of the seeds. */
function worst(seeds: readonly SeedFigures[]): Table {
  const records = seeds[0]!.twoLeads.map(({ record, group }) => {
    const counts = seeds.map(({ twoLeads }) => countsOf(twoLeads.find((other) => other.record === record)));
    const median = (key: keyof Counts): number => medianOf(counts.map((count) => count[key]))!;
    const wrong = (['missedS', 'falseS', 'missedV', 'falseV'] as const).map(median);
    return { record, group, beatsS: median('beatsS'), beatsV: median('beatsV'), wrong };
  });
  const sum = ({ wrong }: { readonly wrong: readonly number[] }): number => wrong.reduce((a, b) => a + b, 0);
  return {
    kind: 'table',
    caption: 'Where the wrong ones are: the records with most (two leads, medians of the seeds)',
    columns: WORST_COLUMNS,
    rows: [...records]
      .sort((a, b) => sum(b) - sum(a))
      .slice(0, WORST_RECORDS)
      .map(({ record, group, beatsS, beatsV, wrong }) =>
        [record, group, beatsS, wrong[0], wrong[1], beatsV, wrong[2], wrong[3]].map((value) =>
          cell(String(value)),
        ),
      ),
  };
}

interface Counts {
  readonly beatsS: number;
  readonly missedS: number;
  readonly falseS: number;
  readonly beatsV: number;
  readonly missedV: number;
  readonly falseV: number;
}

function countsOf(figures: RecordFigures | undefined): Counts {
  const confusion = figures?.confusion ?? emptyConfusion();
  const beats = (label: number): number => confusion[label]!.reduce((a, b) => a + b, 0);
  return {
    beatsS: beats(S!),
    missedS: beats(S!) - confusion[S!]![S!]!,
    falseS: confusion[N!]![S!]! + confusion[V!]![S!]!,
    beatsV: beats(V!),
    missedV: beats(V!) - confusion[V!]![V!]!,
    falseV: confusion[N!]![V!]! + confusion[S!]![V!]!,
  };
}
