/** AdamW inside the graph (Loshchilov and Hutter 2019): weights and moments never leave the runtime. */
import type { Graph, Tensor } from '../graph/graph.ts';

const ADAM = {
  /** As published (Kingma and Ba 2015). */
  firstDecay: 0.9,
  secondDecay: 0.999,
  epsilon: 1e-8,
} as const;

/** Rows of numbers, [size]. */
export interface AdamState {
  readonly value: Tensor;
  readonly first: Tensor;
  readonly second: Tensor;
}

/**
 * Scalars of one step, made outside because they depend on the step number. The moments are kept as plain decayed
 * sums, without Adam's factors (1 - decay), which are folded in here: every operator saved is one less pass over
 * all weights.
 */
export interface StepRates {
  /** Factor of the first sum over the root of the second. */
  readonly rate: Tensor;
  /** Adam's epsilon in the units of that root. */
  readonly epsilon: Tensor;
  /** 1 - learning rate * weight decay. */
  readonly kept: Tensor;
}

/** The three numbers of `StepRates` for a step counted from 1. */
export function stepRates(step: number, learningRate: number, weightDecay: number): [number, number, number] {
  const first = (1 - ADAM.firstDecay) / (1 - ADAM.firstDecay ** step);
  const second = Math.sqrt((1 - ADAM.secondDecay) / (1 - ADAM.secondDecay ** step));
  return [(learningRate * first) / second, ADAM.epsilon / second, 1 - learningRate * weightDecay];
}

/**
 * The state after one step. Everything is one row of numbers: the runtime multiplies [960, 160, 1, 1] by a scalar
 * one element at a time, 30 times slower than [153600].
 * @param gradient of any shape
 */
export function adamStep(
  graph: Graph,
  state: AdamState,
  gradient: Tensor,
  rates: StepRates,
  decays: boolean,
): AdamState {
  const { value, first: firstBefore, second: secondBefore } = state;
  const op = (operator: string, ...inputs: Tensor[]): Tensor => graph.add(operator, inputs, value.shape);
  const slope = graph.reshape(gradient, value.shape);
  const first = op('Add', op('Mul', firstBefore, graph.scalar(ADAM.firstDecay)), slope);
  const second = op('Add', op('Mul', secondBefore, graph.scalar(ADAM.secondDecay)), op('Mul', slope, slope));
  const direction = op('Div', first, op('Add', op('Sqrt', second), rates.epsilon));
  const kept = decays ? op('Mul', value, rates.kept) : value;
  return { value: op('Sub', kept, op('Mul', direction, rates.rate)), first, second };
}
