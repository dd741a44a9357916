import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { DS1_FOLDS, splitOf } from '../data/splits.ts';
import {
  type NewPatients,
  newPatientsPath,
  readNewPatients,
  type SeedFigures,
  spreadOf,
} from '../evaluate/new-patients.ts';
import { gitRevision } from '../evaluate/results.ts';
import { figuresByRecord, figuresOfGroup, GROUPS, type RecordFigures } from '../evaluate/run-figures.ts';
import { writeAtomically } from '../files.ts';
import { networkNamed } from '../nets/catalog.ts';
import type { Network } from '../nets/network.ts';
import { type Recipe, recipeFor } from '../train/recipe.ts';
import { defaultFolder, parseOptions, stringOf, usageError } from './arguments.ts';
import { floatLogits } from './float-logits.ts';
import { openData } from './open-data.ts';
import { INTERRUPTED, runTraining } from './run-training.ts';
import { trainedRun } from './trained-run.ts';

const USAGE = `npm run trainer -- new-patients --net NAME [--seeds 1,2,3] [--ds2] [--publish]
Trains what is missing of five folds a seed (patients of DS1, the paced records, svdb), and prints how each fold's patients
are named by the network that never saw them: with two leads and with one, the median of the seeds and their range.
  --ds2      also train on all of them and measure DS2: every call opens the test set
  --publish  write the figures to trainer/results/new-patients`;

export async function run(args: string[]): Promise<number> {
  const values = parseOptions(args, {
    net: { type: 'string' },
    seeds: { type: 'string' },
    ds2: { type: 'boolean' },
    publish: { type: 'boolean' },
    help: { type: 'boolean' },
  });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const name = stringOf(values, 'net');
  if (name === null) throw usageError('--net is missing');
  const seeds = (stringOf(values, 'seeds') ?? '1').split(',').map(Number);
  if (seeds.some((seed) => !Number.isInteger(seed) || seed < 0))
    throw usageError('--seeds is a list like 1,2,3');
  const network = networkNamed(name);
  const folds = [
    ...Array.from({ length: DS1_FOLDS }, (_, fold) => fold),
    ...(values.ds2 === true ? [null] : []),
  ];
  const bySeed: SeedFigures[] = [];
  for (const seed of seeds) {
    const two: RecordFigures[] = [];
    const one: RecordFigures[] = [];
    for (const fold of folds) {
      const recipe = recipeFor(name, 'new-patients', { seed, fold });
      const figures = await figuresOf(recipe, network);
      if (figures === null) return INTERRUPTED;
      two.push(...figures.twoLeads);
      one.push(...figures.oneLead);
    }
    bySeed.push({ seed, twoLeads: two, oneLead: one });
  }
  const result: NewPatients = {
    ...readNewPatients(name),
    network: name,
    revision: gitRevision(),
    seeds: bySeed,
  };
  console.log(formatted(result));
  if (values.publish === true) {
    const path = newPatientsPath(name);
    mkdirSync(dirname(path), { recursive: true });
    writeAtomically(path, [new TextEncoder().encode(`${JSON.stringify(result)}\n`)]);
    console.log(`wrote ${path}`);
  }
  return 0;
}

/** Of the patients that the run holds out. @returns null when training was interrupted */
async function figuresOf(
  recipe: Recipe,
  network: Network,
): Promise<{ readonly twoLeads: RecordFigures[]; readonly oneLead: RecordFigures[] } | null> {
  const dataset = openData(recipe.dataset);
  const split = splitOf(dataset, recipe.protocol, recipe.seed, recipe.fold);
  const folder = defaultFolder(recipe);
  const result = await runTraining({
    recipe,
    network,
    dataset,
    // Nothing is chosen by an epoch's validation: it would only cost time.
    split: { ...split, validation: new Uint32Array() },
    folder,
    begin: null,
    constraint: null,
    teacher: null,
  });
  if (!result.isComplete) return null;
  const { state } = trainedRun(folder);
  const beats = recipe.fold === null ? split.test : split.validation;
  const measured = async (data: Dataset): Promise<RecordFigures[]> =>
    figuresByRecord(data, beats, await floatLogits(folder, network, state, data, beats));
  const twoLeads = await measured(dataset);
  const oneLead = await measured({ ...dataset, recipe: { ...dataset.recipe, leadsShown: 1 } });
  return { twoLeads, oneLead };
}

function formatted({ seeds }: NewPatients): string {
  const lines = [
    'group  leads  seeds   S Se / +P / F1                 V Se / +P / F1                 accuracy',
  ];
  for (const group of GROUPS)
    for (const leads of ['twoLeads', 'oneLead'] as const) {
      const all = seeds
        .map((seed) => figuresOfGroup(seed[leads], group))
        .filter((figures) => figures !== null);
      if (all.length === 0) continue;
      const cell = (label: 'S' | 'V'): string =>
        (['sensitivity', 'positivePredictivity', 'f1'] as const)
          .map((key) => spreadOf(all.map((figures) => figures[label][key])))
          .join('  ');
      const accuracy = spreadOf(all.map((figures) => figures.accuracy));
      const head = `${group.padEnd(6)} ${leads === 'twoLeads' ? 2 : 1}      ${all.length}     `;
      lines.push(`${head} ${cell('S').padEnd(30)} ${cell('V').padEnd(30)} ${accuracy}`);
    }
  return lines.join('\n');
}
