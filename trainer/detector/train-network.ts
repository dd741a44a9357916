/**
 * Fits a `TinyNetwork` to labelled examples: weighted cross-entropy, Adam (Kingma and Ba 2015) with a cosine
 * schedule and decoupled weight decay. Inputs are standardised for the fit and the weights given back for raw ones.
 */
import { dense, LEAK, type NetworkShape, weightCount } from '@rhythmd/ecg/signal/tiny-network.ts';
import type { ExampleTable } from './examples.ts';
import { makeRandom } from './random.ts';

export interface FitOptions {
  readonly epochs: number;
  readonly learningRate: number;
  readonly seed: number;
}

const BATCH = 64;
const WARM_UP_BATCHES = 200;
const BETA1 = 0.9;
const BETA2 = 0.999;
const WEIGHT_DECAY = 0.02;
/** An input that hardly varies in the first examples may do so later. */
const LEAST_DEVIATION = 0.2;

/** Weights for standardised inputs, with the standardisation: what a further fit starts from. */
export interface Fit {
  readonly weights: Float64Array;
  readonly mean: Float32Array;
  readonly perDeviation: Float32Array;
}

export function beginFit(shape: NetworkShape, table: ExampleTable, seed: number): Fit {
  const { inputs, hidden, hidden2 } = shape;
  const random = makeRandom(seed);
  const normal = (): number => (random() + random() + random() - 1.5) * 2;
  const weights = new Float64Array(weightCount(shape));
  const second = hidden * inputs + hidden;
  const last = second + hidden2 * hidden + hidden2;
  for (let i = 0; i < hidden * inputs; i++) weights[i] = normal() * Math.sqrt(2 / inputs);
  for (let i = 0; i < hidden2 * hidden; i++) weights[second + i] = normal() * Math.sqrt(2 / hidden);
  for (let i = 0; i < hidden2; i++) weights[last + i] = normal() * Math.sqrt(1 / hidden2);
  const mean = new Float32Array(inputs);
  const perDeviation = new Float32Array(inputs);
  for (let i = 0; i < inputs; i++) {
    let sum = 0;
    let squares = 0;
    for (let k = 0; k < table.count; k++) {
      const value = table.inputs[k * inputs + i]!;
      sum += value;
      squares += value * value;
    }
    mean[i] = sum / table.count;
    perDeviation[i] =
      1 / Math.max(LEAST_DEVIATION, Math.sqrt(Math.max(0, squares / table.count - mean[i]! ** 2)));
  }
  return { weights, mean, perDeviation };
}

/** The same network for inputs as they come. */
export function rawWeights(shape: NetworkShape, fit: Fit): Float32Array {
  const { inputs, hidden } = shape;
  const weights = Float32Array.from(fit.weights);
  for (let h = 0; h < hidden; h++) {
    for (let i = 0; i < inputs; i++) {
      const weight = fit.weights[h * inputs + i]! * fit.perDeviation[i]!;
      weights[h * inputs + i] = weight;
      weights[hidden * inputs + h]! -= weight * fit.mean[i]!;
    }
  }
  return weights;
}

/** Goes on with a fit, in place. */
export function continueFit(shape: NetworkShape, fit: Fit, table: ExampleTable, options: FitOptions): void {
  const { weights } = fit;
  const random = makeRandom(options.seed);
  const count = table.count;
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const gradient = new Float64Array(weights.length);
  const first = new Float64Array(weights.length);
  const second = new Float64Array(weights.length);
  const network = new Backward(shape, weights, gradient);
  const batches = options.epochs * Math.ceil(count / BATCH);
  let batch = 0;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    for (let from = 0; from < count; from += BATCH) {
      const to = Math.min(count, from + BATCH);
      for (let k = from; k < to; k++) network.learn(table, fit, order[k]!);
      batch++;
      const schedule =
        Math.min(1, batch / WARM_UP_BATCHES) * (0.5 + 0.5 * Math.cos((Math.PI * batch) / batches));
      const rate = options.learningRate * schedule;
      const correct1 = 1 - BETA1 ** batch;
      const correct2 = 1 - BETA2 ** batch;
      for (let i = 0; i < weights.length; i++) {
        const g = gradient[i]! / (to - from);
        gradient[i] = 0;
        first[i] = BETA1 * first[i]! + (1 - BETA1) * g;
        second[i] = BETA2 * second[i]! + (1 - BETA2) * g * g;
        const step = first[i]! / correct1 / (Math.sqrt(second[i]! / correct2) + 1e-8);
        weights[i]! -= rate * (step + WEIGHT_DECAY * weights[i]!);
      }
    }
  }
}

class Backward {
  readonly #shape: NetworkShape;
  readonly #weights: Float64Array;
  readonly #gradient: Float64Array;
  readonly #input: Float64Array;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #toFirst: Float64Array;

  constructor(shape: NetworkShape, weights: Float64Array, gradient: Float64Array) {
    this.#shape = shape;
    this.#weights = weights;
    this.#gradient = gradient;
    this.#input = new Float64Array(shape.inputs);
    this.#first = new Float64Array(shape.hidden);
    this.#second = new Float64Array(shape.hidden2);
    this.#toFirst = new Float64Array(shape.hidden);
  }

  /** Adds the gradient of one example. */
  learn(table: ExampleTable, fit: Fit, example: number): void {
    const output = this.#forward(table, fit, example);
    const error = 1 / (1 + Math.exp(-output)) - table.labels[example]!;
    this.#backward(error * table.weights[example]!);
  }

  #forward(table: ExampleTable, fit: Fit, example: number): number {
    const { inputs, hidden, hidden2 } = this.#shape;
    const weights = this.#weights;
    const input = this.#input;
    const second = this.#second;
    for (let i = 0; i < inputs; i++) {
      input[i] = (table.inputs[example * inputs + i]! - fit.mean[i]!) * fit.perDeviation[i]!;
    }
    dense(weights, 0, input, inputs, this.#first, hidden);
    const at = hidden * inputs + hidden;
    dense(weights, at, this.#first, hidden, second, hidden2);
    const last = at + hidden2 * hidden + hidden2;
    let output = weights[last + hidden2]!;
    for (let h = 0; h < hidden2; h++) output += weights[last + h]! * second[h]!;
    return output;
  }

  #backward(error: number): void {
    const { inputs, hidden, hidden2 } = this.#shape;
    const weights = this.#weights;
    const gradient = this.#gradient;
    const input = this.#input;
    const first = this.#first;
    const second = this.#second;
    const toFirst = this.#toFirst.fill(0);
    const at = hidden * inputs + hidden;
    const biases = at + hidden2 * hidden;
    const last = biases + hidden2;
    gradient[last + hidden2]! += error;
    for (let h = 0; h < hidden2; h++) {
      const value = second[h]!;
      gradient[last + h]! += error * value;
      const d = error * weights[last + h]! * (value > 0 ? 1 : LEAK);
      gradient[biases + h]! += d;
      for (let i = 0, w = at + h * hidden; i < hidden; i++, w++) {
        gradient[w]! += d * first[i]!;
        toFirst[i]! += d * weights[w]!;
      }
    }
    for (let h = 0; h < hidden; h++) {
      const d = toFirst[h]! * (first[h]! > 0 ? 1 : LEAK);
      gradient[hidden * inputs + h]! += d;
      for (let i = 0, w = h * inputs; i < inputs; i++, w++) gradient[w]! += d * input[i]!;
    }
  }
}

function shuffle(order: Int32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const other = order[j]!;
    order[j] = order[i]!;
    order[i] = other;
  }
}
