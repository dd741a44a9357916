/**
 * The card of a network for patients never seen: figures of DS2 and of the folds side by side, with two leads and one. Weights of
 * every record have none of their own, and their card says whose they are.
 */
import { createHash } from 'node:crypto';
import { labelsOf } from '../data/dataset.ts';
import { optionsOf } from '../evaluate/commands.ts';
import { medianOf, type NewPatients, type SeedFigures } from '../evaluate/new-patients.ts';
import { figuresOfGroup, type Group, type RecordFigures } from '../evaluate/run-figures.ts';
import { SHARED_PATIENT } from '../evaluate/shared-patient.ts';
import { gitRevision } from '../revision.ts';
import type { Recipe } from '../train/recipe.ts';
import type { GoldenPrediction } from './golden-predictions.ts';

export interface NewPatientsCardInput {
  readonly version: string;
  readonly recipe: Recipe;
  readonly bytes: Uint8Array;
  readonly measured: NewPatients | null;
  /** Of the file in `bytes`. */
  readonly size: Readonly<Record<'parameters' | 'fileBytes' | 'archiveBytes' | 'floatFileBytes', number>>;
  /** What it answers to the golden inputs. */
  readonly golden: readonly GoldenPrediction[];
}

/** The sibling that DS2 is measured with is named so: figures tell the two apart. */
function nameOfWeights({ network, protocol }: Pick<Recipe, 'network' | 'protocol'>): string {
  return protocol === 'every-record' ? network : `${network}-without-ds2`;
}

export function newPatientsCard({
  version,
  recipe,
  bytes,
  measured,
  size,
  golden,
}: NewPatientsCardInput): Record<string, unknown> {
  const { protocol, dataset, seed, epochs, batch } = recipe;
  const run = optionsOf(recipe);
  return {
    name: nameOfWeights(recipe),
    version,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    labels: [...labelsOf(dataset)],
    input: {
      shape: [3, 36, 36],
      rateHz: 360,
      normalisation: dataset.normalisation,
      channels: dataset.channels,
      leads: 'one or two; the second is zeros where there is none or it cannot be read',
      delay: 'the next R peak, at most 1.8 s',
    },
    output: 'logits',
    arithmetic: '8-bit integers',
    training: {
      protocol,
      records:
        protocol === 'every-record'
          ? 'mitdb (48 records) and svdb (52 of 78 records): none of them can measure these weights'
          : 'DS1, the paced records of mitdb, and svdb (52 of 78 records)',
      seed,
      ...(measured !== null && seedChoice(measured.seeds, seed)),
      epochs,
      batch,
      command: `npm run trainer -- train ${run}`,
      exportCommand: `npm run trainer -- export ${run} --int8 --out models/${nameOfWeights(recipe)}`,
      revision: gitRevision(),
    },
    measured: measured === null ? {} : figuresOf(measured, recipe),
    size,
    golden,
    notice: 'not a medical device',
  };
}

/** Said of a seed that the folds name best, by the mean of four F1: S and V, DS1 and svdb, two leads. */
function seedChoice(seeds: readonly SeedFigures[], chosen: number): { seedChosen?: string } {
  const scores = seeds.map(({ seed, twoLeads }) => ({ seed, score: meanF1(twoLeads) }));
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a), { seed: -1, score: -1 });
  if (seeds.length < 2 || best.seed !== chosen) return {};
  const numbers = seeds.map(({ seed }) => seed).join(', ');
  return {
    seedChosen: `of ${numbers} that with the best folds (mean F1 of S and V on DS1 and svdb, two leads); what is told of DS2 in 8 bits is its own, of folds the median of all`,
  };
}

function meanF1(records: readonly RecordFigures[]): number {
  const all = (['DS1', 'svdb'] as const).flatMap((group) => {
    const figures = figuresOfGroup(records, group);
    return [figures?.S.f1 ?? 0, figures?.V.f1 ?? 0];
  });
  return all.reduce((a, b) => a + b, 0) / all.length;
}

/** The page and `info` show what is a sentence here. */
function figuresOf({ seeds, quantized }: NewPatients, recipe: Recipe): Record<string, unknown> {
  const groups = (['DS1', 'svdb'] as const).map((group) => [
    group,
    {
      twoLeads: medians(
        seeds.map(({ twoLeads }) => twoLeads),
        group,
      ),
      oneLead: medians(
        seeds.map(({ oneLead }) => oneLead),
        group,
      ),
    },
  ]);
  return {
    ...(recipe.protocol === 'every-record' && {
      weights:
        'trained on every record here, after the figures were taken: the figures are of networks that had not seen the patients, ' +
        `${nameOfWeights({ ...recipe, protocol: 'new-patients' })} and those of the folds`,
    }),
    note: 'on reference peaks, ANSI/AAMI EC57 counts over whole records, escape beats as normal; end to end: docs/training.md',
    ...(quantized === undefined
      ? {}
      : {
          'new-patients': {
            of: 'DS2 by the 8-bit network trained on DS1, the paced records and svdb',
            twoLeads: medians([quantized.twoLeads], 'DS2'),
            oneLead: medians([quantized.oneLead], 'DS2'),
            without202: medians([quantized.twoLeads], 'DS2', SHARED_PATIENT.tested),
          },
        }),
    ...ds2OfSeeds(seeds),
    folds: { of: 'five patient-wise folds, in floats', seeds: seeds.length, ...Object.fromEntries(groups) },
  };
}

/** DS2 by the float networks of every seed; record 202 is of a patient that they have seen (201). */
function ds2OfSeeds(seeds: readonly SeedFigures[]): Record<string, unknown> {
  const [two, one, taught] = (['twoLeads', 'oneLead', 'taught'] as const).map((way) =>
    seeds.map((seed) => seed[way] ?? []),
  );
  if (medians(two!, 'DS2') === null) return {};
  return {
    DS2: {
      of: 'DS2 by networks trained on DS1, the paced records and svdb, in floats: median of the seeds, lowest and highest',
      seeds: seeds.length,
      twoLeads: medians(two!, 'DS2'),
      oneLead: medians(one!, 'DS2'),
      taught: medians(taught!, 'DS2'),
      without202: medians(two!, 'DS2', SHARED_PATIENT.tested),
    },
  };
}

/** The median of the seeds, figure by figure; with more than one, the lowest and the highest beside it. */
function medians(
  seeds: readonly (readonly RecordFigures[])[],
  group: Group,
  without?: string,
): Record<string, unknown> | null {
  const all = seeds
    .map((records) => figuresOfGroup(records, group, without))
    .filter((figures) => figures !== null);
  if (all.length === 0) return null;
  const round = (value: number): number => Math.round(value * 1e4) / 1e4;
  const rounded = (values: readonly (number | null)[]): number | null => {
    const median = medianOf(values);
    return median === null ? null : round(median);
  };
  const spread = (key: string, values: readonly (number | null)[]): Record<string, number[]> =>
    values.length < 2 || values.includes(null)
      ? {}
      : { [key]: [round(Math.min(...(values as number[]))), round(Math.max(...(values as number[])))] };
  const ofClass = (label: 'S' | 'V') => {
    const sensitivities = all.map((figures) => figures[label].sensitivity);
    const predictivities = all.map((figures) => figures[label].positivePredictivity);
    return {
      beats: all[0]![label].beats,
      sensitivity: rounded(sensitivities),
      positivePredictivity: rounded(predictivities),
      ...spread('sensitivityRange', sensitivities),
      ...spread('positivePredictivityRange', predictivities),
    };
  };
  return {
    beats: all[0]!.beats,
    accuracy: rounded(all.map(({ accuracy }) => accuracy)),
    alwaysNormal: round(all[0]!.alwaysNormal),
    S: ofClass('S'),
    V: ofClass('V'),
  };
}
