/** AdamW inside the graph (Loshchilov and Hutter 2019): weights and moments never leave the runtime. */
import type { Graph, Tensor } from '../graph/graph.ts';

export const ADAM = {
  /** As published (Kingma and Ba 2015). */
  firstDecay: 0.9,
  secondDecay: 0.999,
  epsilon: 1e-8,
} as const;

export interface AdamState {
  readonly value: Tensor;
  readonly first: Tensor;
  readonly second: Tensor;
}

/** Scalars of one step, made outside because they depend on the step number. */
export interface StepRates {
  /** Learning rate over the first moment's bias. */
  readonly rate: Tensor;
  /** 1 / sqrt(1 - secondDecay^t) */
  readonly secondScale: Tensor;
  /** Learning rate times weight decay. */
  readonly decay: Tensor;
}

/** The three numbers of `StepRates` for a step counted from 1. */
export function stepRates(step: number, learningRate: number, weightDecay: number): [number, number, number] {
  return [
    learningRate / (1 - ADAM.firstDecay ** step),
    1 / Math.sqrt(1 - ADAM.secondDecay ** step),
    learningRate * weightDecay,
  ];
}

export function adamStep(
  graph: Graph,
  state: AdamState,
  gradient: Tensor,
  rates: StepRates,
  decays: boolean,
): AdamState {
  const { shape } = state.value;
  const op = (operator: string, ...inputs: Tensor[]): Tensor => graph.add(operator, inputs, shape);
  const first = op(
    'Add',
    op('Mul', state.first, graph.scalar(ADAM.firstDecay)),
    op('Mul', gradient, graph.scalar(1 - ADAM.firstDecay)),
  );
  const second = op(
    'Add',
    op('Mul', state.second, graph.scalar(ADAM.secondDecay)),
    op('Mul', op('Mul', gradient, gradient), graph.scalar(1 - ADAM.secondDecay)),
  );
  const deviation = op('Add', op('Mul', op('Sqrt', second), rates.secondScale), graph.scalar(ADAM.epsilon));
  const update = op('Mul', op('Div', first, deviation), rates.rate);
  const kept = decays ? op('Sub', state.value, op('Mul', state.value, rates.decay)) : state.value;
  return { value: op('Sub', kept, update), first, second };
}
