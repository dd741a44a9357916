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
  const column = [c, 1];
  const mean = graph.add('ReduceMean', [rows, perRow], column, { keepdims: 1 });
  // E[x^2] - E[x]^2 saves a pass and a map over the centred form; what a convolution gives to a normalisation lies a
  // few deviations from zero, where single precision is enough.
  const squares = graph.add('ReduceSumSquare', [rows, perRow], column, { keepdims: 1 });
  const meanSquare = graph.add('Mul', [squares, graph.scalar(1 / positions)], column);
  const spread = graph.add('Sub', [meanSquare, graph.add('Mul', [mean, mean], column)], column);
  const variance = graph.add('Max', [spread, graph.scalar(0)], column);
  const shifted = graph.add('Add', [variance, graph.scalar(epsilon)], column);
  const inverse = graph.add('Reciprocal', [graph.add('Sqrt', [shifted], column)], column);
  const scale = graph.add('Mul', [inverse, graph.reshape(gamma, column)], column);
  const output = graph.reshape(line(graph, rows, scale, beta, mean), x.shape);

  tape.record(output, [x, gamma, beta], (outputGradient) => {
    const dy = graph.reshape(outputGradient, [c, positions]);
    const sum = graph.add('ReduceSum', [dy, perRow], column, { keepdims: 1 });
    const products = graph.add('ReduceSum', [graph.add('Mul', [dy, rows], [c, positions]), perRow], column, {
      keepdims: 1,
    });
    const correlation = graph.add('Sub', [products, graph.add('Mul', [mean, sum], column)], column);
    const dGamma = graph.add('Mul', [correlation, inverse], column);
    // dx = scale * (dy - mean(dy) - centred * inverse^2 * mean(dy * centred)), centred = x - mean, as a sum of two lines
    const share = graph.add('Mul', [scale, graph.scalar(-1 / positions)], column);
    const inverseSquare = graph.add('Mul', [inverse, inverse], column);
    const slope = graph.add('Mul', [graph.add('Mul', [correlation, inverseSquare], column), share], column);
    const offset = graph.add('Mul', [sum, share], column);
    const along = line(graph, rows, slope, offset, mean);
    const dx = graph.add('Add', [graph.add('Mul', [dy, scale], [c, positions]), along], [c, positions]);
    return [graph.reshape(dx, x.shape), graph.reshape(dGamma, [c]), graph.reshape(sum, [c])];
  });
  return {
    output,
    statistics: { mean: graph.reshape(mean, [c]), variance: graph.reshape(variance, [c]) },
  };
}

/** slope * (x - origin) + offset for each row of [C, positions], in one pass over x. */
function line(graph: Graph, x: Tensor, slope: Tensor, offset: Tensor, origin: Tensor): Tensor {
  const [c, positions] = x.shape as [number, number];
  const image = graph.reshape(x, [1, c, positions]);
  const ones = graph.constant(new Float32Array(c).fill(1), [c]);
  const vectors = [slope, offset, origin].map((vector) => graph.reshape(vector, [c]));
  // epsilon 0: the operator's own 1 / sqrt(variance + epsilon) is exactly 1
  const inputs = [image, ...vectors, ones];
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
