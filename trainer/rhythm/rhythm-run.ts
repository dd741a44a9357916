/** What is done with the rhythm network: trained on every record, measured on patients it never saw, exported. */
import { join } from 'node:path';
import { writeModel } from '../export/write-model.ts';
import { makeFolder, writeAtomically } from '../files.ts';
import { crossFit, examplesFor } from './cross-fit.ts';
import { type FoldFigures, foldFigures, formatFoldFigures } from './fold-report.ts';
import { readFoldResult, writeFoldResult } from './fold-result.ts';
import { foldsOf, keyOf } from './folds.ts';
import { integerRhythmnet } from './integer-rhythmnet.ts';
import type { PredictedRecord } from './predictions.ts';
import { rhythmCard } from './rhythm-card.ts';
import type { RhythmRecipe } from './rhythm-recipe.ts';
import {
  type RecordedNoise,
  type RhythmRecord,
  readRecordedNoise,
  readRhythmRecords,
} from './rhythm-record.ts';
import { trainRhythm } from './train-rhythm.ts';

type Say = (line: string) => void;

/** Every this many steps a line says how training goes. */
const STEPS_PER_LINE = 250;

/** @param folder where the runs lie */
export async function trainRhythmRun(recipe: RhythmRecipe, folder: string, say: Say): Promise<void> {
  const { records, noise } = readEverything();
  await trainOn(recipe, records, noise, folder, say);
}

export interface FoldOptions {
  readonly recipe: RhythmRecipe;
  readonly seeds: readonly number[];
  readonly folder: string;
  /** Where the probabilities, averaged over the seeds, are written; null: nowhere. */
  readonly predictionsTo: string | null;
  /** Also write the figures to trainer/results/rhythm/. */
  readonly publish: boolean;
}

/** Trains on four fifths of the patients, five times a seed, and measures on the others. */
export async function evaluateRhythmFolds(options: FoldOptions, say: Say): Promise<void> {
  const { recipe, seeds, folder, predictionsTo, publish } = options;
  const { records, noise } = readEverything();
  const sums = new Map<string, Float32Array>();
  const figures: FoldFigures[] = [];
  for (const seed of seeds) {
    const predicted: PredictedRecord[] = [];
    await crossFit({
      recipe: { ...recipe, seed, fold: null },
      records,
      noise,
      folder,
      onProgress: (fold, step, loss) => sayProgress(`seed ${seed}, fold ${fold}`, step, loss, say),
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
    say(`seed ${seed}\n${formatFoldFigures(figures.at(-1)!)}\n`);
  }
  if (predictionsTo !== null) writePredictions(predictionsTo, sums);
  if (publish) say(`wrote ${writeFoldResult({ recipe, seeds, figures })}`);
}

/** Writes model.onnx (8 bits) and card.json. @param folder where the runs lie */
export async function exportRhythmRun(
  recipe: RhythmRecipe,
  folder: string,
  out: string,
  say: Say,
): Promise<void> {
  const { records, noise } = readEverything();
  const weights = await trainOn(recipe, records, noise, folder, say);
  const examples = examplesFor(recipe.seed, records, noise);
  const model = await integerRhythmnet(weights, examples, recipe.seed, {
    name: recipe.network,
    version: '1.0.0',
  });
  say(
    `${model.bytes.length} bytes; predicts as the same arithmetic in floats on ` +
      `${(100 * model.agreementWithFake).toFixed(2)} % of windows, as the trained floats on ` +
      `${(100 * model.agreementWithFloat).toFixed(2)} %`,
  );
  writeModel(out, model.bytes, rhythmCard({ recipe, model, records, folds: readFoldResult() }));
  say(`wrote ${out}/model.onnx and card.json`);
}

function trainOn(
  recipe: RhythmRecipe,
  records: readonly RhythmRecord[],
  noise: RecordedNoise,
  folder: string,
  say: Say,
) {
  const folds = foldsOf(records);
  const kept = records.filter((record) => recipe.fold === null || folds.get(keyOf(record)) !== recipe.fold);
  const suffix = recipe.fold === null ? '' : `-fold${recipe.fold}`;
  return trainRhythm({
    recipe,
    examples: examplesFor(recipe.seed, kept, noise),
    folder: join(folder, `${recipe.network}-seed${recipe.seed}${suffix}`),
    onProgress: (step, loss) => sayProgress('training', step, loss, say),
  });
}

function readEverything(): { records: RhythmRecord[]; noise: RecordedNoise } {
  const records = readRhythmRecords((name) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[Kreading ${name}`);
  });
  return { records, noise: readRecordedNoise() };
}

function sayProgress(what: string, step: number, loss: number, say: Say): void {
  if (step % STEPS_PER_LINE === 0) say(`${what}: step ${step}, loss ${loss.toFixed(4)}`);
}

function writePredictions(folder: string, predictions: ReadonlyMap<string, Float32Array>): void {
  makeFolder(folder);
  for (const [key, values] of predictions) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    writeAtomically(join(folder, `${key.replace('/', '-')}.f32`), [bytes]);
  }
}
