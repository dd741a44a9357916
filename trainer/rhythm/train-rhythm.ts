/** One training of the rhythm network, from its recipe (or its checkpoint) to trained weights. */
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { RHYTHM_CLASSES } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import {
  RHYTHM_IMAGE_ROWS,
  RHYTHM_IMAGE_VALUES,
  RhythmImageMaker,
} from '@rhythmd/ecg/rhythm/rhythm-image.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { makeFolder } from '../files.ts';
import { initialWeights, type Weights } from '../nets/parameters.ts';
import { rhythmnet } from '../nets/rhythmnet.ts';
import { stepRates } from '../train/adam.ts';
import { seedOf } from '../train/batches.ts';
import { readCheckpoint, writeCheckpoint } from '../train/checkpoint.ts';
import { type StepInputs, Stepper } from '../train/stepper.ts';
import { buildTrainingModel } from '../train/training-model.ts';
import type { RhythmExamples } from './examples.ts';
import type { RhythmRecipe } from './rhythm-recipe.ts';

/** Handed to the runtime at once. */
const STEPS_PER_RUN = 25;
const CHECKPOINT_EVERY_STEPS = 250;
const CLASSES = RHYTHM_CLASSES.length;

export interface RhythmTraining {
  readonly recipe: RhythmRecipe;
  /** Drawn from records that are not of the recipe's fold. */
  readonly examples: RhythmExamples;
  /** Holds checkpoint.bin. */
  readonly folder: string;
  readonly onProgress: (step: number, loss: number) => void;
}

/**
 * Goes on from the folder's checkpoint when there is one; examples are functions of seed and step, so a run killed at
 * any moment and resumed ends in the same bits.
 * @throws RhythmdError E_CHECKPOINT_RECIPE, E_TRAINING_DIVERGED, E_DISK_FULL
 */
export async function trainRhythm(training: RhythmTraining): Promise<Weights> {
  const { recipe, examples, folder, onProgress } = training;
  makeFolder(folder);
  const path = join(folder, 'checkpoint.bin');
  const checkpoint = readCheckpoint<RhythmRecipe>(path);
  if (checkpoint !== null && JSON.stringify(checkpoint.recipe) !== JSON.stringify(recipe)) {
    throw new RhythmdError(
      'E_CHECKPOINT_RECIPE',
      `${path} was made with other settings`,
      'Use the same settings to resume, or another --folder',
    );
  }
  let step = checkpoint?.progress.step ?? 0;
  const network = rhythmnet();
  const state = checkpoint?.state ?? initialWeights(network, seedOf(recipe.seed, 0));
  if (step >= recipe.steps) return state;
  const model = buildTrainingModel({ network, batch: recipe.batch, planes: RHYTHM_IMAGE_ROWS });
  const stepper = await Stepper.open(model, state);
  try {
    while (step < recipe.steps) {
      const count = Math.min(STEPS_PER_RUN, recipe.steps - step);
      const { losses } = await stepper.run(inputsOf(examples, recipe, step, count));
      const loss = losses.reduce((sum, value) => sum + value, 0) / count;
      if (!Number.isFinite(loss)) {
        throw new RhythmdError('E_TRAINING_DIVERGED', 'the loss is no number', 'Lower the learning rate');
      }
      step += count;
      onProgress(step, loss);
      if (step % CHECKPOINT_EVERY_STEPS === 0 || step === recipe.steps) save(step, stepper.state);
    }
    return stepper.state;
  } finally {
    await stepper.close();
  }

  function save(done: number, weights: Weights): void {
    const none = { lossSum: 0, correctSum: 0, cpuSeconds: 0, wallSeconds: 0, epochs: [] };
    writeCheckpoint(path, { recipe, progress: { epoch: 0, step: done, ...none }, state: weights });
  }
}

function inputsOf(
  examples: RhythmExamples,
  { batch, seed, weightDecay, ...rates }: RhythmRecipe,
  first: number,
  steps: number,
): StepInputs {
  const maker = new RhythmImageMaker();
  const images = new Float32Array(steps * batch * RHYTHM_IMAGE_VALUES);
  const targets = new Float32Array(steps * CLASSES * batch);
  const stepped = new Float32Array(steps * 3);
  const noiseSeeds = new Uint32Array(steps);
  for (let step = 0; step < steps; step++) {
    const random = new SeededRandom(seedOf(seed, 2, first + step));
    noiseSeeds[step] = seedOf(seed, 3, first + step);
    for (let i = 0; i < batch; i++) {
      const { window, target } = examples.draw(random);
      maker.make(window, images, (step * batch + i) * RHYTHM_IMAGE_VALUES);
      for (let c = 0; c < CLASSES; c++) targets[(step * CLASSES + c) * batch + i] = target[c]!;
    }
    stepped.set(stepRates(first + step + 1, rateAt(rates, first + step), weightDecay), step * 3);
  }
  return { steps, images, targets, rates: stepped, noiseSeeds };
}

/** Linear warm-up, then half a cosine to zero. */
function rateAt(
  { learningRate, warmupSteps, steps }: Pick<RhythmRecipe, 'learningRate' | 'warmupSteps' | 'steps'>,
  step: number,
): number {
  const warm = Math.min(1, (step + 1) / warmupSteps);
  return learningRate * warm * 0.5 * (1 + Math.cos((Math.PI * step) / steps));
}
