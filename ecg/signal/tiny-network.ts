/**
 * A perceptron with two hidden layers and one output, small enough to run at every candidate. Leaky rectifiers;
 * the output is a log-odds score.
 */
import { RhythmdError } from '../errors.ts';

export const LEAK = 0.01;

/** Both hidden layers are multiples of four wide. */
export interface NetworkShape {
  readonly inputs: number;
  readonly hidden: number;
  readonly hidden2: number;
}

/** Number of weights: per layer the rows of weights, then the biases. */
export function weightCount({ inputs, hidden, hidden2 }: NetworkShape): number {
  return hidden * inputs + hidden + hidden2 * hidden + hidden2 + hidden2 + 1;
}

export class TinyNetwork {
  readonly shape: NetworkShape;
  readonly #weights: Float64Array;
  readonly #first: Float64Array;
  readonly #second: Float64Array;

  /** @throws RhythmdError E_WEIGHTS_LENGTH */
  constructor(shape: NetworkShape, weights: Float32Array) {
    if (weights.length !== weightCount(shape)) {
      throw new RhythmdError(
        'E_WEIGHTS_LENGTH',
        `${weights.length} weights for a network of ${weightCount(shape)}`,
        'Make the weights again with "npm run bench -- detector learn".',
      );
    }
    this.shape = shape;
    this.#weights = Float64Array.from(weights);
    this.#first = new Float64Array(shape.hidden);
    this.#second = new Float64Array(shape.hidden2);
  }

  score(input: Float32Array): number {
    const { inputs, hidden, hidden2 } = this.shape;
    const weights = this.#weights;
    const first = this.#first;
    dense(weights, 0, input, inputs, first, hidden);
    const second = this.#second;
    const at = hidden * inputs + hidden;
    dense(weights, at, first, hidden, second, hidden2);
    const last = at + hidden2 * hidden + hidden2;
    let output = weights[last + hidden2]!;
    for (let h = 0; h < hidden2; h++) output += weights[last + h]! * second[h]!;
    return output;
  }
}

/**
 * One layer: `rows` rows of `width` weights from `at`, then the biases. Four rows at a time: four independent sums
 * keep the processor's adders busy where one would wait for itself (3 times as fast); two inputs a turn, as each turn has its price.
 */
export function dense(
  weights: Float64Array,
  at: number,
  input: Float32Array | Float64Array,
  width: number,
  output: Float64Array,
  rows: number,
): void {
  const biases = at + rows * width;
  for (let row = 0; row < rows; row += 4) {
    let sum0 = weights[biases + row]!;
    let sum1 = weights[biases + row + 1]!;
    let sum2 = weights[biases + row + 2]!;
    let sum3 = weights[biases + row + 3]!;
    let w0 = at + row * width;
    let w1 = w0 + width;
    let w2 = w1 + width;
    let w3 = w2 + width;
    let i = 0;
    for (; i + 1 < width; i += 2) {
      const value = input[i]!;
      const next = input[i + 1]!;
      sum0 += weights[w0]! * value;
      sum1 += weights[w1]! * value;
      sum2 += weights[w2]! * value;
      sum3 += weights[w3]! * value;
      sum0 += weights[w0 + 1]! * next;
      sum1 += weights[w1 + 1]! * next;
      sum2 += weights[w2 + 1]! * next;
      sum3 += weights[w3 + 1]! * next;
      w0 += 2;
      w1 += 2;
      w2 += 2;
      w3 += 2;
    }
    for (; i < width; i++) {
      const value = input[i]!;
      sum0 += weights[w0++]! * value;
      sum1 += weights[w1++]! * value;
      sum2 += weights[w2++]! * value;
      sum3 += weights[w3++]! * value;
    }
    output[row] = sum0 > 0 ? sum0 : LEAK * sum0;
    output[row + 1] = sum1 > 0 ? sum1 : LEAK * sum1;
    output[row + 2] = sum2 > 0 ? sum2 : LEAK * sum2;
    output[row + 3] = sum3 > 0 ? sum3 : LEAK * sum3;
  }
}
