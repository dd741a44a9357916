/** The examples of each step: a pure function of recipe and step, so that a resumed run sees the same ones. */
import { WINDOW_SAMPLES } from '@rhythmd/ecg/beat/window.ts';
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { PAPER_LABELS } from '@rhythmd/ecg/types.ts';
import { augmentImage, rotateLeads } from '../data/augment.ts';
import { BalancedSampler, isEarlyIn } from '../data/balanced-sampling.ts';
import { type Dataset, labelsOf, partnersOf, readImage } from '../data/dataset.ts';
import { hideTiming, makeEarly } from '../data/early-beat.ts';
import { augmentLeads } from '../data/leads-context.ts';
import { MadeUpRhythms } from '../data/made-up-rhythms.ts';
import { shuffled } from '../data/splits.ts';
import { stepRates } from './adam.ts';
import { learningRateAt, type Recipe } from './recipe.ts';
import type { StepInputs } from './stepper.ts';

const NORMAL = PAPER_LABELS.indexOf('N');
const OTHER = PAPER_LABELS.indexOf('other');

/** Predictions to learn from beside the labels (Hinton et al. 2015). */
export interface Teacher {
  /** Probabilities of every beat of the data set, [beats, classes]; only training beats are read. */
  readonly probabilities: Float32Array;
  /** Of what is learnt, the part that comes from the teacher. */
  readonly share: number;
}

/** Mixes numbers into one seed (the finaliser of MurmurHash3). */
export function seedOf(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    hash = Math.imul(hash ^ (part >>> 0), 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

export class Batches {
  readonly #dataset: Dataset;
  readonly #recipe: Recipe;
  readonly #teacher: Teacher | null;
  readonly #sampler: BalancedSampler | null;
  readonly #madeUp: MadeUpRhythms | null;
  readonly #classes: number;
  readonly #classWeights: Float32Array;
  readonly #partners: Int32Array;
  /** The beats of each epoch in turn, not yet shuffled. */
  readonly #shards: readonly Uint32Array[];
  #epoch = -1;
  #order: Uint32Array = new Uint32Array();

  constructor(dataset: Dataset, train: Uint32Array, recipe: Recipe, teacher: Teacher | null = null) {
    this.#dataset = dataset;
    this.#teacher = teacher;
    this.#recipe = recipe;
    this.#partners = partnersOf(dataset);
    this.#classes = labelsOf(dataset.recipe).length;
    this.#sampler =
      recipe.sampling === undefined ? null : new BalancedSampler(dataset, train, recipe.sampling);
    const madeUp = recipe.sampling?.madeUp;
    this.#madeUp =
      madeUp === undefined ? null : new MadeUpRhythms(dataset, train, madeUp, isEarlyIn(dataset));
    const shards = recipe.majorityShards ?? 1;
    this.#classWeights = classWeights(dataset, train, recipe.classBalance, shards);
    this.#shards = shardNormals(dataset, train, shards, seedOf(recipe.seed, 4));
  }

  /** The last, incomplete batch of an epoch is left to chance: every epoch is shuffled anew. */
  get stepsPerEpoch(): number {
    const { batch, mostSteps = Infinity, sampling } = this.#recipe;
    if (sampling !== undefined) return Math.min(mostSteps, Math.floor(sampling.epochExamples / batch));
    return Math.min(mostSteps, Math.floor(Math.min(...this.#shards.map(({ length }) => length)) / batch));
  }

  get totalSteps(): number {
    return this.stepsPerEpoch * this.#recipe.epochs;
  }

  /** Inputs of steps [first, first + steps) of one epoch. */
  inputs(epoch: number, first: number, steps: number): StepInputs {
    const { batch, seed, labelSmoothing, augmentation, leadsAugmentation, weightDecay } = this.#recipe;
    const classes = this.#classes;
    const { planes } = this.#dataset;
    const order = this.#orderOf(epoch);
    const imageSize = planes * WINDOW_SAMPLES;
    const images = new Float32Array(steps * batch * imageSize);
    const other = new Float32Array(imageSize);
    const targets = new Float32Array(steps * classes * batch);
    const rates = new Float32Array(steps * 3);
    const noiseSeeds = new Uint32Array(steps);
    for (let step = 0; step < steps; step++) {
      noiseSeeds[step] = seedOf(seed, 3, epoch, first + step);
      const random = new SeededRandom(seedOf(seed, 2, epoch, first + step));
      for (let i = 0; i < batch; i++) {
        const drawn = order[(first + step) * batch + i]!;
        const offset = (step * batch + i) * imageSize;
        const made = this.#madeUp?.replace(images.subarray(offset, offset + imageSize), random) ?? null;
        const beat = made ?? drawn;
        if (made === null) readImage(this.#dataset, beat, images, offset);
        const partner = this.#partners[beat]!;
        if (random.uniform() < augmentation.turn && partner !== -1) {
          readImage(this.#dataset, partner, other, 0);
          const seen = Math.min(planes, 2) * WINDOW_SAMPLES;
          rotateLeads(images.subarray(offset, offset + seen), other.subarray(0, seen), random);
        }
        const image = images.subarray(offset, offset + imageSize);
        const label = this.#retime(this.#dataset.label[beat]!, image, random);
        if (leadsAugmentation === undefined) augmentImage(image, planes, augmentation, random);
        else augmentLeads(image, leadsAugmentation, random);
        const weight = this.#classWeights[label]!;
        for (let c = 0; c < classes; c++) {
          const labelled = labelSmoothing / classes + (c === label ? 1 - labelSmoothing : 0);
          targets[(step * classes + c) * batch + i] = weight * this.#targetOf(beat, c, labelled);
        }
      }
      const count = epoch * this.stepsPerEpoch + first + step;
      const learningRate = learningRateAt(this.#recipe, count, this.totalSteps);
      rates.set(stepRates(count + 1, learningRate, weightDecay), step * 3);
    }
    return { steps, images, targets, rates, noiseSeeds };
  }

  #targetOf(beat: number, c: number, labelled: number): number {
    if (this.#teacher === null) return labelled;
    const { probabilities, share } = this.#teacher;
    return (1 - share) * labelled + share * probabilities[beat * this.#classes + c]!;
  }

  /** @returns the label the beat has afterwards */
  #retime(label: number, image: Float32Array, random: SeededRandom): number {
    const { early, untimed } = this.#recipe.augmentation;
    if (this.#dataset.planes < 3 || early + untimed === 0) return label;
    const draw = random.uniform();
    if (label === NORMAL && draw < early && makeEarly(image, random)) return OTHER;
    if (draw > 1 - untimed) hideTiming(image, random);
    return label;
  }

  #orderOf(epoch: number): Uint32Array {
    if (this.#epoch !== epoch && this.#sampler !== null) {
      const count = this.stepsPerEpoch * this.#recipe.batch;
      this.#order = this.#sampler.draw(count, seedOf(this.#recipe.seed, 1, epoch));
      this.#epoch = epoch;
    }
    if (this.#epoch !== epoch) {
      const shard = this.#shards[epoch % this.#shards.length]!;
      this.#order = shuffled(shard.slice(), seedOf(this.#recipe.seed, 1, epoch));
      this.#epoch = epoch;
    }
    return this.#order;
  }
}

/**
 * Scaled so that the average example of an epoch weighs 1.
 * @param shards normal beats are seen once in so many epochs, and weigh that much more
 */
function classWeights(dataset: Dataset, train: Uint32Array, balance: number, shards: number): Float32Array {
  const counts = new Float64Array(labelsOf(dataset.recipe).length);
  for (const beat of train) counts[dataset.label[beat]!]! += 1;
  const most = Math.max(...counts);
  const rarity = (c: number): number => (c === NORMAL ? shards : 1);
  const raw = counts.map((count, c) => (count === 0 ? 0 : (most / count) ** balance * rarity(c)));
  const seen = counts.map((count, c) => count / rarity(c));
  const examples = seen.reduce((sum, count) => sum + count, 0);
  const mean = raw.reduce((sum, weight, c) => sum + weight * seen[c]!, 0) / Math.max(1, examples);
  return Float32Array.from(raw, (weight) => weight / mean);
}

/** Every shard has all beats that are not normal, and its share of the normal ones. */
function shardNormals(dataset: Dataset, train: Uint32Array, shards: number, seed: number): Uint32Array[] {
  if (shards === 1) return [train];
  const isNormal = (beat: number): boolean => dataset.label[beat] === NORMAL;
  const normal = shuffled(train.filter(isNormal), seed);
  const rest = train.filter((beat) => !isNormal(beat));
  return Array.from({ length: shards }, (_, shard) => {
    const share = normal.filter((_, i) => i % shards === shard);
    return Uint32Array.from([...rest, ...share]);
  });
}
