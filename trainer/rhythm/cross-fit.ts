/**
 * What networks say of records that they did not learn from: every record's half seconds, answered by the network
 * that was trained on the other four folds.
 */
import { join } from 'node:path';
import {
  RHYTHM_CLASSES,
  RHYTHM_RATE_HZ,
  RHYTHM_STEP_SECONDS,
  RHYTHM_WINDOW_SAMPLES,
} from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import {
  RHYTHM_IMAGE_ROWS,
  RHYTHM_IMAGE_VALUES,
  RhythmImageMaker,
} from '@rhythmd/ecg/rhythm/rhythm-image.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { floats, openSession, type Session } from '../graph/runtime.ts';
import { seedOf } from '../train/batches.ts';
import { RhythmExamples } from './examples.ts';
import { foldsOf, keyOf } from './folds.ts';
import { integerRhythmnet } from './integer-rhythmnet.ts';
import { RHYTHM_FOLDS, type RhythmRecipe } from './rhythm-recipe.ts';
import type { RecordedNoise, RhythmRecord } from './rhythm-record.ts';
import { trainRhythm } from './train-rhythm.ts';

const CLASSES = RHYTHM_CLASSES.length;
const STEP = RHYTHM_STEP_SECONDS * RHYTHM_RATE_HZ;
const BATCH = 64;

/** Probabilities [half seconds, classes]; the first row is of the window that ends half a second after the beginning. */
export type Answers = Float32Array;

export interface CrossFit {
  readonly recipe: RhythmRecipe;
  readonly records: readonly RhythmRecord[];
  readonly noise: RecordedNoise;
  /** Each fold's checkpoint lies in a folder below. */
  readonly folder: string;
  readonly onProgress: (fold: number, step: number, loss: number) => void;
  readonly onAnswers: (record: RhythmRecord, answers: Answers) => void;
}

/** Trains what is not yet trained; the answers are those of 8-bit models, as the device has them. */
export async function crossFit({
  recipe,
  records,
  noise,
  folder,
  onProgress,
  onAnswers,
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
      onAnswers(record, await answersTo(record.leads[0]!, session));
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

/** Of a model, to every half second of a track; before its beginning its first value is held, as a daemon does. */
export async function answersTo(track: Float32Array, session: Session): Promise<Answers> {
  const padded = new Float32Array(RHYTHM_WINDOW_SAMPLES + track.length).fill(track[0] ?? 0);
  padded.set(track, RHYTHM_WINDOW_SAMPLES);
  const rows = Math.floor(track.length / STEP);
  const answers = new Float32Array(rows * CLASSES);
  const maker = new RhythmImageMaker();
  for (let first = 0; first < rows; first += BATCH) {
    const count = Math.min(BATCH, rows - first);
    const images = new Float32Array(count * RHYTHM_IMAGE_VALUES);
    for (let i = 0; i < count; i++) {
      const end = RHYTHM_WINDOW_SAMPLES + (first + i + 1) * STEP;
      maker.make(padded.subarray(end - RHYTHM_WINDOW_SAMPLES, end), images, i * RHYTHM_IMAGE_VALUES);
    }
    const image = floats(images, [count, RHYTHM_IMAGE_ROWS, 1, RHYTHM_WINDOW_SAMPLES]);
    const { logits } = await session.run({ image });
    answers.set(softmaxed(logits!.data as Float32Array), first * CLASSES);
  }
  return answers;
}

function softmaxed(logits: Float32Array): Float32Array {
  const result = new Float32Array(logits.length);
  for (let row = 0; row < logits.length; row += CLASSES) {
    const values = logits.subarray(row, row + CLASSES);
    const top = Math.max(...values);
    const powers = Array.from(values, (value) => Math.exp(value - top));
    const sum = powers.reduce((a, b) => a + b, 0);
    result.set(
      powers.map((value) => value / sum),
      row,
    );
  }
  return result;
}
