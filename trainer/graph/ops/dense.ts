import type { Tensor } from '../graph.ts';
import type { Tape } from '../tape.ts';

/**
 * @param x [C, N]
 * @param weight [U, C]
 * @param bias [U]
 * @returns [U, N]
 */
export function dense(tape: Tape, x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const { graph } = tape;
  const [units, c] = weight.shape as [number, number];
  const n = x.shape[1]!;
  const y = graph.add('Gemm', [weight, x, graph.reshape(bias, [units, 1])], [units, n]);
  return tape.record(y, [x, weight, bias], (dy) => [
    tape.isWanted(x) ? graph.add('Gemm', [weight, dy], [c, n], { transA: 1 }) : null,
    graph.add('Gemm', [dy, x], [units, c], { transB: 1 }),
    graph.add('ReduceSum', [dy, graph.integers([1])], [units], { keepdims: 0 }),
  ]);
}

/** Adds one value to every position of a channel: the bias of a convolution without batch normalisation. */
export function addBias(tape: Tape, x: Tensor, bias: Tensor): Tensor {
  const { graph } = tape;
  const c = x.shape[0]!;
  const y = graph.add('Add', [x, graph.reshape(bias, [c, 1, 1, 1])], x.shape);
  return tape.record(y, [x, bias], (dy) => [
    dy,
    graph.add('ReduceSum', [dy, graph.integers([1, 2, 3])], [c], { keepdims: 0 }),
  ]);
}

/**
 * Dropout by a noise tensor that is fed, not drawn in the graph: the runtime's own generator has a state that no
 * checkpoint could keep.
 * @param noise uniform in [0, 1), the shape of x or broadcast to it
 */
export function dropout(tape: Tape, x: Tensor, noise: Tensor, rate: number): Tensor {
  const { graph } = tape;
  const isKept = graph.add('GreaterOrEqual', [noise, graph.scalar(rate)], noise.shape, {}, 'bool');
  const kept = graph.add('Cast', [isKept], noise.shape, { to: 1 });
  const factor = graph.add('Mul', [kept, graph.scalar(1 / (1 - rate))], noise.shape);
  const y = graph.add('Mul', [x, factor], x.shape);
  return tape.record(y, [x], (dy) => [graph.add('Mul', [dy, factor], x.shape)]);
}

/**
 * Softmax cross-entropy, averaged over the batch.
 * @param logits [U, N]
 * @param target [U, N]: one-hot, or softer; a column that sums to other than 1 weighs its example
 * @returns [], the loss
 */
export function softmaxCrossEntropy(tape: Tape, logits: Tensor, target: Tensor): Tensor {
  const { graph } = tape;
  const n = logits.shape[1]!;
  const shape = logits.shape;
  const logProbabilities = graph.add('LogSoftmax', [logits], shape, { axis: 0 });
  const product = graph.add('Mul', [logProbabilities, target], shape);
  const sum = graph.add('ReduceSum', [product], [], { keepdims: 0 });
  const loss = graph.add('Mul', [sum, graph.scalar(-1 / n)], []);
  return tape.record(loss, [logits], (dLoss) => {
    const probabilities = graph.add('Exp', [logProbabilities], shape);
    const weights = graph.add('ReduceSum', [target, graph.integers([0])], [1, n], { keepdims: 1 });
    const expected = graph.add('Mul', [probabilities, weights], shape);
    const excess = graph.add('Sub', [expected, target], shape);
    const share = graph.add('Mul', [dLoss, graph.scalar(1 / n)], []);
    return [graph.add('Mul', [excess, share], shape)];
  });
}
