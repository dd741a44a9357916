/** One training run, from its recipe (or its checkpoint) to trained weights. */
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import { type Split, spread } from '../data/splits.ts';
import { measure } from '../evaluate/metrics.ts';
import { makeFolder, writeAtomically } from '../files.ts';
import type { Network } from '../nets/network.ts';
import { initialWeights, type Weights } from '../nets/parameters.ts';
import { gitRevision, revisionsWith } from '../revision.ts';
import { Batches, seedOf, type Teacher } from './batches.ts';
import {
  type Checkpoint,
  type EpochRecord,
  type Progress,
  readCheckpoint,
  writeCheckpoint,
} from './checkpoint.ts';
import type { Constraint } from './constraint.ts';
import { Evaluator } from './evaluator.ts';
import type { ProgressState } from './progress-line.ts';
import { goesOnFrom, type Recipe } from './recipe.ts';
import { Stepper } from './stepper.ts';
import { buildTrainingModel } from './training-model.ts';

/** Steps of one run of the session: enough to make its overhead small, few enough to stop soon after Ctrl-C. */
const MOST_STEPS = 40;
const RUN_SECONDS = 8;

/** Before it is known how long a step takes. */
export const FIRST_STEPS = 4;

/** Wall time between checkpoints within an epoch; the first comes sooner: who tries it out sees that it can be stopped. */
const CHECKPOINT_EVERY_MS = 120_000;
const FIRST_CHECKPOINT_MS = 10_000;

export interface TrainOptions {
  readonly recipe: Recipe;
  readonly network: Network;
  readonly dataset: Dataset;
  readonly split: Split;
  /** Holds checkpoint.bin and log.jsonl. */
  readonly folder: string;
  /** What a new run begins with; null: what the seed draws. */
  readonly begin: Weights | null;
  /** Of a compression; null: the weights are free. */
  readonly constraint: Constraint | null;
  /** null: the labels are all there is to learn from. */
  readonly teacher: Teacher | null;
  /** Asked between runs: true stops with a checkpoint. */
  readonly shouldStop: () => boolean;
  readonly onProgress: (state: ProgressState) => void;
  readonly onEpoch: (record: EpochRecord) => void;
}

export interface TrainResult {
  readonly isComplete: boolean;
  readonly progress: Progress;
  readonly state: Weights;
}

const START: Progress = {
  epoch: 0,
  step: 0,
  lossSum: 0,
  correctSum: 0,
  cpuSeconds: 0,
  wallSeconds: 0,
  epochs: [],
};

/**
 * Goes on from the folder's checkpoint when there is one; a run killed at any moment and resumed ends in the same
 * bits as one that was left alone. A finished run goes on when its recipe got a later cycle.
 * @throws RhythmdError E_CHECKPOINT_RECIPE when the checkpoint belongs to another recipe; E_DISK_FULL
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { recipe, network, dataset, split, folder } = options;
  makeFolder(folder);
  const path = join(folder, 'checkpoint.bin');
  const checkpoint = readCheckpoint(path);
  if (checkpoint !== null && !goesOnFrom(recipe, checkpoint.recipe)) {
    throw new RhythmdError(
      'E_CHECKPOINT_RECIPE',
      `${path} was made with other settings`,
      'Use the same settings to resume, or another --folder',
    );
  }
  let progress = checkpoint?.progress ?? START;
  const state = checkpoint?.state ?? options.begin ?? initialWeights(network, seedOf(recipe.seed, 0));
  const batches = new Batches(dataset, split.train, recipe, options.teacher);
  if (progress.epoch === recipe.epochs) return { isComplete: true, progress, state };

  const { constraint } = options;
  progress = { ...progress, revisions: revisionsWith(revisionsOf(checkpoint), gitRevision()) };
  const model = buildTrainingModel({ network, batch: recipe.batch, planes: dataset.planes, constraint });
  const stepper = await Stepper.open(model, state);
  const evaluator = await Evaluator.open(network, dataset.planes, constraint?.arithmetic);
  const save = (): void => writeCheckpoint(path, { recipe, progress, state: stepper.state });
  const begunAt = Date.now();
  let savedAt: number | null = null;
  let timed = { runs: 0, steps: 0, seconds: 0 };
  let stepsPerRun = FIRST_STEPS;
  try {
    while (progress.epoch < recipe.epochs) {
      const startedAt = Date.now();
      const cpu = process.cpuUsage();
      const done = progress.epoch * batches.stepsPerEpoch + progress.step;
      const arrangement = constraint?.arrange(stepper.state, done, batches.totalSteps) ?? null;
      const stepsLeft = batches.stepsPerEpoch - progress.step;
      const steps = Math.min(stepsPerRun, stepsLeft, (arrangement?.holdsUntil ?? Infinity) - done);
      const results = await stepper.run(batches.inputs(progress.epoch, progress.step, steps), arrangement);
      stepsPerRun = stepsInRun((Date.now() - startedAt) / 1000 / steps);
      const lossSum = progress.lossSum + sumOf(results.losses);
      if (!Number.isFinite(lossSum)) {
        throw new RhythmdError('E_TRAINING_DIVERGED', 'the loss is no number', 'Lower --learning-rate');
      }
      progress = {
        ...progress,
        step: progress.step + steps,
        lossSum,
        correctSum: progress.correctSum + sumOf(results.correct),
      };
      const isEpochDone = progress.step === batches.stepsPerEpoch;
      if (isEpochDone) progress = await finishEpoch(progress);
      progress = spend(progress, startedAt, cpu);
      if (isEpochDone) {
        writeLog(join(folder, 'log.jsonl'), progress.epochs);
        options.onEpoch(progress.epochs.at(-1)!);
      } else {
        timed = timedWith(timed, steps, (Date.now() - startedAt) / 1000);
        reportProgress(progress, timed);
      }
      const mustStop = options.shouldStop();
      const isDue =
        savedAt === null
          ? Date.now() - begunAt > FIRST_CHECKPOINT_MS
          : Date.now() - savedAt > CHECKPOINT_EVERY_MS;
      if (isEpochDone || mustStop || isDue) {
        save();
        savedAt = Date.now();
      }
      if (mustStop) break;
    }
    return { isComplete: progress.epoch === recipe.epochs, progress, state: stepper.state };
  } finally {
    await stepper.close();
    await evaluator.close();
  }

  async function finishEpoch(done: Progress): Promise<Progress> {
    const validation = spread(split.validation, recipe.mostValidated ?? Infinity);
    let measured: EpochRecord['validation'] = null;
    if (validation.length > 0) {
      const logits = await evaluator.logits(stepper.state, dataset, validation);
      const { accuracy, macroRecall } = measure(
        Array.from(validation, (beat) => dataset.label[beat]!),
        logits,
      );
      measured = { accuracy, macroRecall };
    }
    const record: EpochRecord = {
      epoch: done.epoch,
      loss: done.lossSum / done.step,
      accuracy: done.correctSum / (done.step * recipe.batch),
      validation: measured,
      cpuSeconds: done.cpuSeconds,
    };
    return {
      ...done,
      epoch: done.epoch + 1,
      step: 0,
      lossSum: 0,
      correctSum: 0,
      epochs: [...done.epochs, record],
    };
  }

  function reportProgress(done: Progress, { runs, steps, seconds }: Timed): void {
    const stepsLeft = batches.totalSteps - done.epoch * batches.stepsPerEpoch - done.step;
    options.onProgress({
      epoch: done.epoch,
      epochs: recipe.epochs,
      step: done.step,
      steps: batches.stepsPerEpoch,
      loss: done.lossSum / done.step,
      accuracy: done.correctSum / (done.step * recipe.batch),
      imagesPerSecond: (steps * recipe.batch) / seconds,
      secondsLeft: runs < 2 ? null : (stepsLeft * seconds) / steps,
    });
  }
}

interface Timed {
  readonly runs: number;
  readonly steps: number;
  readonly seconds: number;
}

/** The first run of a session waits for the runtime to lay out its memory: time left is told by those after it. */
function timedWith({ runs, ...before }: Timed, steps: number, seconds: number): Timed {
  if (runs < 2) return { runs: runs + 1, steps, seconds };
  return { runs: runs + 1, steps: before.steps + steps, seconds: before.seconds + seconds };
}

/** A run that was begun before commits were kept has one that nobody knows. */
function revisionsOf(checkpoint: Checkpoint | null): readonly string[] {
  return checkpoint === null ? [] : (checkpoint.progress.revisions ?? ['unknown']);
}

/** Whole every time: a run killed between log and checkpoint would have the epoch twice. */
function writeLog(path: string, epochs: readonly EpochRecord[]): void {
  const lines = epochs.map((record) => `${JSON.stringify(record)}\n`);
  writeAtomically(path, [new TextEncoder().encode(lines.join(''))]);
}

function spend(progress: Progress, startedAt: number, cpu: NodeJS.CpuUsage): Progress {
  const used = process.cpuUsage(cpu);
  return {
    ...progress,
    cpuSeconds: progress.cpuSeconds + (used.user + used.system) / 1e6,
    wallSeconds: progress.wallSeconds + (Date.now() - startedAt) / 1000,
  };
}

function sumOf(values: Float32Array): number {
  return values.reduce((a, b) => a + b, 0);
}

export function stepsInRun(secondsPerStep: number): number {
  return Math.max(1, Math.min(MOST_STEPS, Math.floor(RUN_SECONDS / secondsPerStep)));
}
