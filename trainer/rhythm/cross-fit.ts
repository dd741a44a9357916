/**
 * What networks say of records that they did not learn from: every record's half seconds, predicted by the network
 * that was trained on the other four folds.
 */
import { join } from 'node:path';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { openSession } from '../graph/runtime.ts';
import { seedOf } from '../train/batches.ts';
import { RhythmExamples } from './examples.ts';
import { foldsOf, keyOf } from './folds.ts';
import { integerRhythmnet } from './integer-rhythmnet.ts';
import { type Predictions, predictionsFor } from './predictions.ts';
import { RHYTHM_FOLDS, type RhythmRecipe } from './rhythm-recipe.ts';
import type { RecordedNoise, RhythmRecord } from './rhythm-record.ts';
import { trainRhythm } from './train-rhythm.ts';

export interface CrossFit {
  readonly recipe: RhythmRecipe;
  readonly records: readonly RhythmRecord[];
  readonly noise: RecordedNoise;
  /** Each fold's checkpoint lies in a folder below. */
  readonly folder: string;
  readonly onProgress: (fold: number, step: number, loss: number) => void;
  readonly onPredictions: (record: RhythmRecord, predictions: Predictions) => void;
}

/** Trains what is not yet trained; the predictions are those of 8-bit models, as the device has them. */
export async function crossFit({
  recipe,
  records,
  noise,
  folder,
  onProgress,
  onPredictions,
}: CrossFit): Promise<void> {
  const folds = foldsOf(records);
  for (let fold = 0; fold < RHYTHM_FOLDS; fold++) {
    const isHeldOut = (record: RhythmRecord): boolean => folds.get(keyOf(record)) === fold;
    const examples = examplesFor(
      recipe.seed,
      records.filter((record) => !isHeldOut(record)),
      noise,
    );
    const weights = await trainRhythm({
      recipe: { ...recipe, fold },
      examples,
      folder: join(folder, `rhythmnet-seed${recipe.seed}-fold${fold}`),
      onProgress: (step, loss) => onProgress(fold, step, loss),
    });
    const { bytes } = await integerRhythmnet(weights, examples, recipe.seed);
    const session = await openSession(bytes, 'all');
    for (const record of records.filter(isHeldOut))
      onPredictions(record, await predictionsFor(record.leads[0]!, session));
    await session.release();
  }
}

/** The beats that rhythms are made of are drawn once, by the seed. */
export function examplesFor(
  seed: number,
  records: readonly RhythmRecord[],
  noise: RecordedNoise,
): RhythmExamples {
  return new RhythmExamples(records, noise, new SeededRandom(seedOf(seed, 1)));
}
