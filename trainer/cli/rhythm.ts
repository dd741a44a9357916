/** The rhythm network on the command line: the same verbs, other data, so other options. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, trainingFolder, writeAtomically } from '../files.ts';
import { crossFit, examplesFor } from '../rhythm/cross-fit.ts';
import { type FoldFigures, foldFigures, formatFoldFigures } from '../rhythm/fold-report.ts';
import { readFoldResult, writeFoldResult } from '../rhythm/fold-result.ts';
import { foldsOf, keyOf } from '../rhythm/folds.ts';
import { integerRhythmnet } from '../rhythm/integer-rhythmnet.ts';
import type { PredictedRecord } from '../rhythm/predictions.ts';
import { rhythmCard } from '../rhythm/rhythm-card.ts';
import { RHYTHM_FOLDS, type RhythmRecipe, rhythmRecipe } from '../rhythm/rhythm-recipe.ts';
import {
  type RecordedNoise,
  type RhythmRecord,
  readRecordedNoise,
  readRhythmRecords,
} from '../rhythm/rhythm-record.ts';
import { trainRhythm } from '../rhythm/train-rhythm.ts';
import { numberOf, type OptionValues, parseOptions, stringOf, usageError } from './arguments.ts';

export const RHYTHM_NETWORK = 'rhythmnet';

const USAGE = `npm run trainer -- train|evaluate|export --net rhythmnet [options]
  train       trains on every record, or goes on from its checkpoint
  evaluate    trains on four fifths of the patients, five times a seed, and measures on the others
  export      writes model.onnx (8 bits) and card.json
  --seed N              default 1
  --seeds N,N,N         of evaluate: default 1,2,3
  --fold N              of train: hold out this fifth of each database's patients
  --steps N             instead of the preset's
  --folder DIR          where checkpoints live (default: below RHYTHMD_TRAINING_FOLDER)
  --predictions DIR     of evaluate: also write the probabilities, averaged over the seeds, DATABASE-RECORD.f32
  --publish             of evaluate: also write the figures to trainer/results/rhythm/
  --out DIR             of export: default models/rhythmnet`;

const OPTIONS = {
  net: { type: 'string' },
  seed: { type: 'string' },
  seeds: { type: 'string' },
  fold: { type: 'string' },
  steps: { type: 'string' },
  folder: { type: 'string' },
  predictions: { type: 'string' },
  /** Its name of version 0.1. */
  answers: { type: 'string' },
  publish: { type: 'boolean' },
  int8: { type: 'boolean' },
  out: { type: 'string' },
  help: { type: 'boolean' },
} as const;

type Work = (values: OptionValues, recipe: RhythmRecipe, folder: string) => Promise<number>;

/** Whether these arguments are for this file. */
export function namesRhythmNetwork(args: readonly string[]): boolean {
  return args.includes(`--net=${RHYTHM_NETWORK}`) || args[args.indexOf('--net') + 1] === RHYTHM_NETWORK;
}

/** @throws RhythmdError E_USAGE, E_RECORD_NOT_FOUND and what training throws */
export async function runRhythm(verb: 'train' | 'evaluate' | 'export', args: string[]): Promise<number> {
  const values = parseOptions(args, OPTIONS);
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const steps = numberOf(values, 'steps', 1, 1e6, true);
  const fold = numberOf(values, 'fold', 0, RHYTHM_FOLDS - 1, true);
  const recipe = rhythmRecipe({
    seed: numberOf(values, 'seed', 0, 2 ** 31, true) ?? 1,
    fold,
    ...(steps === null ? {} : { steps }),
  });
  const folder = stringOf(values, 'folder') ?? join(trainingFolder(), 'runs');
  const work: Record<typeof verb, Work> = { train: trainOne, evaluate: evaluateFolds, export: exportModel };
  return work[verb](values, recipe, folder);
}

async function trainOne(_values: OptionValues, recipe: RhythmRecipe, folder: string): Promise<number> {
  const { records, noise } = readEverything();
  await trainOn(recipe, records, noise, folder);
  return 0;
}

async function evaluateFolds(values: OptionValues, recipe: RhythmRecipe, folder: string): Promise<number> {
  const { records, noise } = readEverything();
  const seeds = seedsOf(stringOf(values, 'seeds') ?? '1,2,3');
  const sums = new Map<string, Float32Array>();
  const figures: FoldFigures[] = [];
  for (const seed of seeds) {
    const predicted: PredictedRecord[] = [];
    await crossFit({
      recipe: { ...recipe, seed, fold: null },
      records,
      noise,
      folder,
      onProgress: (fold, step, loss) => progress(`seed ${seed}, fold ${fold}`, step, loss),
      onPredictions: (record, predictions) => {
        predicted.push({ record, predictions });
        const before = sums.get(keyOf(record)) ?? new Float32Array(predictions.length);
        sums.set(
          keyOf(record),
          before.map((sum, i) => sum + predictions[i]! / seeds.length),
        );
      },
    });
    figures.push(foldFigures(predicted));
    console.log(`seed ${seed}\n${formatFoldFigures(figures.at(-1)!)}\n`);
  }
  const former = stringOf(values, 'answers');
  if (former !== null)
    console.error('--answers is called --predictions now; the old word goes with the next release');
  const out = stringOf(values, 'predictions') ?? former;
  if (out !== null) writePredictions(out, sums);
  if (values.publish === true) console.log(`wrote ${writeFoldResult({ recipe, seeds, figures })}`);
  return 0;
}

async function exportModel(values: OptionValues, recipe: RhythmRecipe, folder: string): Promise<number> {
  const { records, noise } = readEverything();
  const weights = await trainOn(recipe, records, noise, folder);
  const model = await integerRhythmnet(weights, examplesFor(recipe.seed, records, noise), recipe.seed, {
    name: RHYTHM_NETWORK,
    version: '1.0.0',
  });
  console.log(
    `${model.bytes.length} bytes; predictions as the same arithmetic in floats on ` +
      `${(100 * model.agreementWithFake).toFixed(2)} % of windows, as the trained floats on ` +
      `${(100 * model.agreementWithFloat).toFixed(2)} %`,
  );
  const card = rhythmCard({ recipe, model, records, folds: readFoldResult() });
  const out = stringOf(values, 'out') ?? join('models', RHYTHM_NETWORK);
  mkdirSync(out, { recursive: true });
  writeAtomically(join(out, 'model.onnx'), [model.bytes]);
  writeAtomically(join(out, 'card.json'), [new TextEncoder().encode(`${JSON.stringify(card, null, 2)}\n`)]);
  console.log(`wrote ${out}/model.onnx and card.json`);
  return 0;
}

function trainOn(
  recipe: RhythmRecipe,
  records: readonly RhythmRecord[],
  noise: RecordedNoise,
  folder: string,
) {
  const folds = foldsOf(records);
  const kept = records.filter((record) => recipe.fold === null || folds.get(keyOf(record)) !== recipe.fold);
  const suffix = recipe.fold === null ? '' : `-fold${recipe.fold}`;
  return trainRhythm({
    recipe,
    examples: examplesFor(recipe.seed, kept, noise),
    folder: join(folder, `${RHYTHM_NETWORK}-seed${recipe.seed}${suffix}`),
    onProgress: (step, loss) => progress('training', step, loss),
  });
}

function readEverything(): { records: RhythmRecord[]; noise: RecordedNoise } {
  const records = readRhythmRecords((name) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[Kreading ${name}`);
  });
  return { records, noise: readRecordedNoise() };
}

function progress(what: string, step: number, loss: number): void {
  if (step % 250 === 0) console.log(`${what}: step ${step}, loss ${loss.toFixed(4)}`);
}

function seedsOf(text: string): number[] {
  const seeds = text.split(',').map(Number);
  if (seeds.some((seed) => !Number.isInteger(seed) || seed < 0)) {
    throw usageError(`--seeds is a list of whole numbers, not "${text}"`);
  }
  return seeds;
}

function writePredictions(folder: string, predictions: ReadonlyMap<string, Float32Array>): void {
  makeFolder(folder);
  for (const [key, values] of predictions) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    writeAtomically(join(folder, `${key.replace('/', '-')}.f32`), [bytes]);
  }
}
