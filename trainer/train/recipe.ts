/** How a network is trained, as a run keeps it; presets/ has one for each network and protocol, with the reasons. */
import { isDeepStrictEqual } from 'node:util';
import type { BeatLabel } from '@rhythmd/ecg/types.ts';
import type { Compression } from '../compress/method.ts';
import type { Augmentation } from '../data/augment.ts';
import type { BalancedSampling } from '../data/balanced-sampling.ts';
import type { DatasetRecipe } from '../data/dataset.ts';
import type { LeadsAugmentation } from '../data/leads-context.ts';
import type { Protocol } from '../data/splits.ts';

export interface LearningRateCycle {
  readonly epochs: number;
  readonly learningRate: number;
}

export interface Recipe {
  readonly network: string;
  readonly protocol: Protocol;
  readonly dataset: DatasetRecipe;
  readonly batch: number;
  readonly epochs: number;
  /** Reached after the warm-up; falls to zero along half a cosine. */
  readonly learningRate: number;
  readonly warmupSteps: number;
  readonly weightDecay: number;
  readonly labelSmoothing: number;
  /** Examples of a class weigh (most frequent / its count) to this power: 0 all equal, 1 all classes equal. */
  readonly classBalance: number;
  readonly augmentation: Augmentation;
  readonly seed: number;
  /** Held out of DS1 to validate; null: everything trains (patient-separated only). */
  readonly fold: number | null;
  /**
   * Normal beats are most of all and much alike: they are split into this many shards, an epoch takes one of them, in
   * turn, at so many times the weight. Absent: every epoch takes them all.
   */
  readonly majorityShards?: number;
  /** The shallower network whose trained run (same protocol, same seed) this one begins as. */
  readonly grownFrom?: string;
  /** The last of the epochs are further cycles of the learning rate: what a finished run was prolonged by. */
  readonly laterCycles?: readonly LearningRateCycle[];
  /** An epoch ends after so many steps, if not before: short fine-tuning. */
  readonly mostSteps?: number;
  /** So many validation beats, evenly spread, are asked after an epoch; absent: all. */
  readonly mostValidated?: number;
  /** Examples are drawn so; absent: every beat once an epoch. */
  readonly sampling?: BalancedSampling;
  /** Of images of the layout `leads-context`, in place of `augmentation`. */
  readonly leadsAugmentation?: LeadsAugmentation;
  /** Added to the logits of a class when training is over: examples are not as frequent as beats. */
  readonly offsets?: Readonly<Partial<Record<BeatLabel, number>>>;
  /** What is done to a trained network; absent: it is trained. */
  readonly compression?: Compression;
}

/** Linear warm-up, then half a cosine to zero, for each cycle (SGDR, Loshchilov and Hutter 2017). Steps count from 0. */
export function learningRateAt(recipe: Recipe, step: number, totalSteps: number): number {
  const { warmupSteps } = recipe;
  const stepsPerEpoch = totalSteps / recipe.epochs;
  let first = 0;
  let cycle: LearningRateCycle = { epochs: firstEpochs(recipe), learningRate: recipe.learningRate };
  for (const later of recipe.laterCycles ?? []) {
    const end = first + cycle.epochs * stepsPerEpoch;
    if (step < end) break;
    first = end;
    cycle = later;
  }
  return rateInCycle(cycle.learningRate, warmupSteps, step - first, cycle.epochs * stepsPerEpoch);
}

function firstEpochs({ epochs, laterCycles = [] }: Recipe): number {
  return laterCycles.reduce((left, cycle) => left - cycle.epochs, epochs);
}

function rateInCycle(learningRate: number, warmupSteps: number, step: number, steps: number): number {
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  const progress = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
  return learningRate * 0.5 * (1 + Math.cos(Math.PI * progress));
}

/** Whether a checkpoint of `before` is a beginning of a run of `recipe`: the same, or without its last cycles. */
export function goesOnFrom(recipe: Recipe, before: Recipe): boolean {
  for (let beginning: Recipe | null = recipe; beginning !== null; beginning = withoutLastCycle(beginning)) {
    if (isDeepStrictEqual(beginning, before)) return true;
  }
  return false;
}

function withoutLastCycle(recipe: Recipe): Recipe | null {
  const { laterCycles = [], ...rest } = recipe;
  const last = laterCycles.at(-1);
  if (last === undefined) return null;
  const epochs = recipe.epochs - last.epochs;
  return laterCycles.length === 1
    ? { ...rest, epochs }
    : { ...recipe, epochs, laterCycles: laterCycles.slice(0, -1) };
}
