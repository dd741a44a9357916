import type { Graph, Tensor } from '../graph.ts';
import type { Tape } from '../tape.ts';

/** Statistics of one batch, for the running ones. */
export interface BatchStatistics {
  /** [C] */
  readonly mean: Tensor;
  /** [C], of the population (divided by the count) */
  readonly variance: Tensor;
}

export interface BatchNormResult {
  readonly output: Tensor;
  readonly statistics: BatchStatistics;
}

/**
 * Batch normalisation by the batch's own statistics: a reduction over the rows of [C, positions].
 * Composed, not BatchNormalization(training_mode=1), which gave wrong gradients when several shared a constant;
 * the runtime's inference operator is used as the one-pass line that it is.
 * @param x [C, H, W, N]
 */
export function batchNorm(
  tape: Tape,
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  epsilon: number,
): BatchNormResult {
  const { graph } = tape;
  const c = x.shape[0]!;
  const positions = x.shape[1]! * x.shape[2]! * x.shape[3]!;
  const rows = graph.reshape(x, [c, positions]);
  const perRow = graph.integers([1]);
  const vector = [c];
  const overRow = { keepdims: 0 };
  const mean = graph.add('ReduceMean', [rows, perRow], vector, overRow);
  // E[x^2] - E[x]^2 saves a pass and a map over the centred form; what a convolution gives to a normalisation lies a
  // few deviations from zero, where single precision is enough.
  const squares = graph.add('ReduceSumSquare', [rows, perRow], vector, overRow);
  const meanSquare = graph.add('Mul', [squares, graph.scalar(1 / positions)], vector);
  const spread = graph.add('Sub', [meanSquare, graph.add('Mul', [mean, mean], vector)], vector);
  const variance = graph.add('Max', [spread, graph.scalar(0)], vector);
  const shifted = graph.add('Add', [variance, graph.scalar(epsilon)], vector);
  const inverse = graph.add('Reciprocal', [graph.add('Sqrt', [shifted], vector)], vector);
  const scale = graph.add('Mul', [inverse, gamma], vector);
  const output = graph.reshape(line(graph, rows, scale, beta, mean), x.shape);

  tape.record(output, [x, gamma, beta], (outputGradient) => {
    const dy = graph.reshape(outputGradient, [c, positions]);
    const sum = graph.add('ReduceSum', [dy, perRow], vector, overRow);
    const product = graph.add('Mul', [dy, rows], [c, positions]);
    const products = graph.add('ReduceSum', [product, perRow], vector, overRow);
    const correlation = graph.add('Sub', [products, graph.add('Mul', [mean, sum], vector)], vector);
    const dGamma = graph.add('Mul', [correlation, inverse], vector);
    // dx = scale * (dy - mean(dy) - centred * inverse^2 * mean(dy * centred)), centred = x - mean, as a sum of two lines
    const share = graph.add('Mul', [scale, graph.scalar(-1 / positions)], vector);
    const inverseSquare = graph.add('Mul', [inverse, inverse], vector);
    const slope = graph.add('Mul', [graph.add('Mul', [correlation, inverseSquare], vector), share], vector);
    const offset = graph.add('Mul', [sum, share], vector);
    const zeros = graph.constant(new Float32Array(c), vector);
    const straight = line(graph, dy, scale, offset, zeros);
    const along = line(graph, rows, slope, zeros, mean);
    const dx = graph.add('Add', [straight, along], [c, positions]);
    return [graph.reshape(dx, x.shape), dGamma, sum];
  });
  return { output, statistics: { mean, variance } };
}

/**
 * slope * (x - origin) + offset for each row of [C, positions], in one pass over x.
 * @param slope of [C], as offset and origin
 */
function line(graph: Graph, x: Tensor, slope: Tensor, offset: Tensor, origin: Tensor): Tensor {
  const [c, positions] = x.shape as [number, number];
  const image = graph.reshape(x, [1, c, positions]);
  const ones = graph.constant(new Float32Array(c).fill(1), [c]);
  // epsilon 0: the operator's own 1 / sqrt(variance + epsilon) is exactly 1
  const inputs = [image, slope, offset, origin, ones];
  const output = graph.add('BatchNormalization', inputs, [1, c, positions], { epsilon: { float: 0 } });
  return graph.reshape(output, [c, positions]);
}

/** The same with fixed statistics: what the network does once trained. */
export function frozenBatchNorm(
  tape: Tape,
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  statistics: BatchStatistics,
  epsilon: number,
): Tensor {
  const { graph } = tape;
  const c = x.shape[0]!;
  const rows = graph.reshape(x, [1, c, x.shape[1]! * x.shape[2]! * x.shape[3]!]);
  const inputs = [rows, gamma, beta, statistics.mean, statistics.variance];
  return graph.reshape(
    graph.add('BatchNormalization', inputs, rows.shape, { epsilon: { float: epsilon } }),
    x.shape,
  );
}
