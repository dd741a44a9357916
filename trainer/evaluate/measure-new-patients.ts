/** How patients never seen are named: five folds a seed, trained where they are not yet, with two leads and with one. */

import { dirname } from 'node:path';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import type { Dataset } from '../data/dataset.ts';
import { DS1_FOLDS, splitOf } from '../data/splits.ts';
import { makeFolder, writeAtomically } from '../files.ts';
import type { Network } from '../nets/network.ts';
import { networkNamed, recipeFor } from '../presets/catalog.ts';
import { gitRevision } from '../revision.ts';
import { floatLogits } from '../train/float-logits.ts';
import type { Recipe } from '../train/recipe.ts';
import { defaultFolder, openData, trainedRun } from '../train/run-folder.ts';
import { runTraining } from '../train/run-training.ts';
import {
  type NewPatients,
  newPatientsPath,
  readNewPatients,
  type SeedFigures,
  spreadOf,
} from './new-patients.ts';
import { recordOpening } from './openings.ts';
import { figuresByRecord, figuresOfGroup, GROUPS, type RecordFigures } from './run-figures.ts';

export interface NewPatientsOptions {
  readonly net: string;
  readonly seeds: readonly number[];
  /** Also train on all of them and measure DS2: every call opens the test set. */
  readonly ds2: boolean;
  /** Write the figures to trainer/results/new-patients. */
  readonly publish: boolean;
}

/** @returns false when training was interrupted */
export async function measureNewPatients(
  { net, seeds, ds2, publish }: NewPatientsOptions,
  io: Pick<CommandIo, 'out' | 'signal'>,
): Promise<boolean> {
  const network = networkNamed(net);
  const folds = [...Array.from({ length: DS1_FOLDS }, (_, fold) => fold), ...(ds2 ? [null] : [])];
  const bySeed: SeedFigures[] = [];
  for (const seed of seeds) {
    const two: RecordFigures[] = [];
    const one: RecordFigures[] = [];
    for (const fold of folds) {
      const figures = await figuresOf(recipeFor(net, 'new-patients', { seed, fold }), network, io);
      if (figures === null) return false;
      two.push(...figures.twoLeads);
      one.push(...figures.oneLead);
    }
    const opened = figuresOfGroup(two, 'DS2');
    if (opened !== null)
      recordOpening(recipeFor(net, 'new-patients', { seed }), 'new-patients --ds2', opened.accuracy);
    bySeed.push({ seed, twoLeads: two, oneLead: one });
  }
  const result: NewPatients = {
    ...readNewPatients(net),
    network: net,
    revision: gitRevision(),
    seeds: bySeed,
  };
  io.out(formatted(result));
  if (publish) {
    const path = newPatientsPath(net);
    makeFolder(dirname(path));
    writeAtomically(path, [new TextEncoder().encode(`${JSON.stringify(result)}\n`)]);
    io.out(`wrote ${path}`);
  }
  return true;
}

/** Of the patients that the run holds out. @returns null when training was interrupted */
async function figuresOf(
  recipe: Recipe,
  network: Network,
  io: Pick<CommandIo, 'out' | 'signal'>,
): Promise<{ readonly twoLeads: RecordFigures[]; readonly oneLead: RecordFigures[] } | null> {
  const dataset = openData(recipe.dataset);
  const split = splitOf(dataset, recipe.protocol, recipe.seed, recipe.fold);
  const folder = defaultFolder(recipe);
  const result = await runTraining(
    {
      recipe,
      network,
      dataset,
      // Nothing is chosen by an epoch's validation: it would only cost time.
      split: { ...split, validation: new Uint32Array() },
      folder,
      begin: null,
      constraint: null,
      teacher: null,
    },
    io,
  );
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
