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
import type { EctopicFigures } from './ectopic.ts';
import {
  type Measured,
  type NewPatients,
  newPatientsPath,
  readNewPatients,
  type SeedFigures,
  spreadOf,
} from './new-patients.ts';
import { recordOpening } from './openings.ts';
import { figuresByRecord, figuresOfGroup, GROUPS, type RecordFigures } from './run-figures.ts';
import { SHARED_PATIENT } from './shared-patient.ts';
import { taughtByRecord } from './taught.ts';

export interface NewPatientsOptions {
  readonly net: string;
  readonly seeds: readonly number[];
  /** Also train on all of them and measure DS2: every call opens the test set. */
  readonly ds2: boolean;
  /** Also train on DS1 alone and measure DS2: likewise. */
  readonly literature: boolean;
  /** Write the figures to trainer/results/new-patients. */
  readonly publish: boolean;
}

const WAYS = ['twoLeads', 'oneLead', 'taught'] as const satisfies readonly (keyof Measured)[];
const WAY_WORDS = { twoLeads: '2', oneLead: '1', taught: '2, taught' } as const;

/** @returns false when training was interrupted */
export async function measureNewPatients(
  { net, seeds, ds2, literature, publish }: NewPatientsOptions,
  io: Pick<CommandIo, 'out' | 'signal'>,
): Promise<boolean> {
  const network = networkNamed(net);
  const folds = [...Array.from({ length: DS1_FOLDS }, (_, fold) => fold), ...(ds2 ? [null] : [])];
  const bySeed: SeedFigures[] = [];
  for (const seed of seeds) {
    const all: Record<keyof Measured, RecordFigures[]> = { twoLeads: [], oneLead: [], taught: [] };
    for (const fold of folds) {
      const figures = await figuresOf(recipeFor(net, 'new-patients', { seed, fold }), network, io);
      if (figures === null) return false;
      for (const way of WAYS) all[way].push(...figures[way]);
    }
    const opened = figuresOfGroup(all.twoLeads, 'DS2');
    if (opened !== null)
      recordOpening(recipeFor(net, 'new-patients', { seed }), 'new-patients --ds2', opened.accuracy);
    const recipe = recipeFor(net, 'patient-separated', { seed });
    const ds1Only = literature ? await figuresOf(recipe, network, io) : null;
    if (literature && ds1Only === null) return false;
    if (ds1Only !== null)
      recordOpening(
        recipe,
        'new-patients --literature',
        figuresOfGroup(ds1Only.twoLeads, 'DS2')?.accuracy ?? null,
      );
    bySeed.push({ seed, ...all, ...(ds1Only !== null && { ds1Only }) });
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
): Promise<Measured | null> {
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
  const { state } = trainedRun(recipe, folder);
  const beats = recipe.fold === null ? split.test : split.validation;
  const one: Dataset = { ...dataset, recipe: { ...dataset.recipe, leadsShown: 1 } };
  const logits = await floatLogits(folder, network, state, dataset, beats);
  return {
    twoLeads: figuresByRecord(dataset, beats, logits),
    oneLead: figuresByRecord(one, beats, await floatLogits(folder, network, state, one, beats)),
    taught: taughtByRecord(dataset, beats, logits),
  };
}

function formatted({ seeds }: NewPatients): string {
  const lines = [
    'group                leads      seeds  S Se / +P / F1                                     V Se / +P / F1                                     accuracy',
  ];
  const add = (name: string, way: keyof Measured, all: (EctopicFigures | null)[]): void => {
    const known = all.filter((figures) => figures !== null);
    if (known.length === 0) return;
    const cell = (label: 'S' | 'V'): string =>
      (['sensitivity', 'positivePredictivity', 'f1'] as const)
        .map((key) => spreadOf(known.map((figures) => figures[label][key])))
        .join('  ');
    const accuracy = spreadOf(known.map((figures) => figures.accuracy));
    const head = `${name.padEnd(20)} ${WAY_WORDS[way].padEnd(10)} ${String(known.length).padEnd(6)}`;
    lines.push(`${head} ${cell('S').padEnd(50)} ${cell('V').padEnd(50)} ${accuracy}`);
  };
  for (const group of GROUPS)
    for (const way of WAYS)
      add(
        group,
        way,
        seeds.map((seed) => figuresOfGroup(seed[way] ?? [], group)),
      );
  for (const way of WAYS) {
    const without = (records: readonly RecordFigures[] = []) =>
      figuresOfGroup(records, 'DS2', SHARED_PATIENT.tested);
    add(
      'DS2 without 202',
      way,
      seeds.map((seed) => without(seed[way])),
    );
    add(
      'DS2 by DS1 alone',
      way,
      seeds.map(({ ds1Only }) => figuresOfGroup(ds1Only?.[way] ?? [], 'DS2')),
    );
    add(
      '  and without 202',
      way,
      seeds.map(({ ds1Only }) => without(ds1Only?.[way])),
    );
  }
  return lines.join('\n');
}
