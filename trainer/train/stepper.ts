/** Runs a training model: holds its state between runs, and hands it out for checkpoints and evaluation. */
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { type Feeds, floats, integers, openSession, RuntimeTensor, type Session } from '../graph/runtime.ts';
import type { Weights } from '../nets/parameters.ts';
import type { Arrangement } from './constraint.ts';
import type { TrainingModel } from './training-model.ts';

/** The batches of one run, step by step. */
export interface StepInputs {
  readonly steps: number;
  /** [steps, batch, image] */
  readonly images: Float32Array;
  /** [steps, classes, batch] */
  readonly targets: Float32Array;
  /** [steps, 3], from `stepRates` */
  readonly rates: Float32Array;
  /** What each step's dropout noise is drawn from. */
  readonly noiseSeeds: Uint32Array;
}

export interface StepResults {
  readonly losses: Float32Array;
  /** Right answers of each batch. */
  readonly correct: Float32Array;
}

export class Stepper {
  readonly model: TrainingModel;
  readonly #session: Session;
  #state: Map<string, Float32Array>;

  private constructor(model: TrainingModel, session: Session, state: Map<string, Float32Array>) {
    this.model = model;
    this.#session = session;
    this.#state = state;
  }

  /** @param state every state entry by name; moments that are missing begin as zeros */
  static async open(model: TrainingModel, state: Weights): Promise<Stepper> {
    const session = await openSession(model.graph);
    const complete = new Map<string, Float32Array>();
    for (const { name, size } of model.state) complete.set(name, state.get(name) ?? new Float32Array(size));
    return new Stepper(model, session, complete);
  }

  /** Weights, statistics and moments by name; valid until the next run. */
  get state(): Weights {
    return this.#state;
  }

  /** @param arrangement of the model's constraint; null where it has none */
  async run(inputs: StepInputs, arrangement: Arrangement | null = null): Promise<StepResults> {
    const { batch, classes, imageSize, noise, state } = this.model;
    const { steps } = inputs;
    const feeds: Feeds = {
      steps: integers([steps], []),
      images: floats(inputs.images, [steps, batch, imageSize]),
      targets: floats(inputs.targets, [steps, classes, batch]),
      rates: floats(inputs.rates, [steps, 3]),
    };
    const random = Array.from(inputs.noiseSeeds, (seed) => new SeededRandom(seed));
    for (const { name, size } of noise) {
      const values = new Float32Array(steps * size);
      for (let i = 0; i < values.length; i++) values[i] = random[Math.floor(i / size)]!.uniform();
      feeds[`noise.${name}`] = floats(values, [steps, size]);
    }
    for (const { name, size } of state) feeds[`${name}/in`] = floats(this.#state.get(name)!, [size]);
    for (const [name, mask] of arrangement?.masks ?? []) feeds[`${name}/mask`] = floats(mask, [mask.length]);
    for (const [name, index] of arrangement?.clusters ?? []) {
      feeds[`${name}/cluster`] = new RuntimeTensor('int32', index, [index.length]);
    }
    const results = await this.#session.run(feeds);
    this.#state = new Map(state.map(({ name }) => [name, results[`${name}/out`]!.data as Float32Array]));
    return {
      losses: results.losses!.data as Float32Array,
      correct: results.correct!.data as Float32Array,
    };
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
