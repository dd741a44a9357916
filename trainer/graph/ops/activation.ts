import type { Graph, Tensor } from '../graph.ts';
import type { Tape } from '../tape.ts';

/** Any number above 1e-30 counts as above zero. */
const STEEP = 1e30;

export function relu(tape: Tape, x: Tensor): Tensor {
  const { graph } = tape;
  const y = graph.add('Relu', [x], x.shape);
  return tape.record(y, [x], (dy) => {
    return [graph.add('Mul', [dy, step(graph, y, 1, 0)], x.shape)];
  });
}

/**
 * 1 where slope * y + offset is above zero, 0 where it is not: a line so steep that it is a step, bounded by 0 and 1. A
 * third of what Sign costs, which goes one element at a time, or a comparison, which makes booleans.
 */
function step(graph: Graph, y: Tensor, slope: number, offset: number): Tensor {
  const attributes = { alpha: { float: STEEP * slope }, beta: { float: STEEP * offset } };
  return graph.add('HardSigmoid', [y], y.shape, attributes);
}

/** Clip(x, 0, 6); the gradient passes between the two. */
export function relu6(tape: Tape, x: Tensor): Tensor {
  const { graph } = tape;
  const y = graph.add('Clip', [x, graph.scalar(0), graph.scalar(6)], x.shape);
  return tape.record(y, [x], (dy) => {
    const open = graph.add('Mul', [step(graph, y, 1, 0), step(graph, y, -1, 6)], x.shape);
    return [graph.add('Mul', [dy, open], x.shape)];
  });
}

export function sigmoid(tape: Tape, x: Tensor): Tensor {
  const { graph } = tape;
  const y = graph.add('Sigmoid', [x], x.shape);
  return tape.record(y, [x], (dy) => {
    const slope = graph.add('Sub', [y, graph.add('Mul', [y, y], x.shape)], x.shape);
    return [graph.add('Mul', [dy, slope], x.shape)];
  });
}

/** x * sigmoid(x), also called SiLU. */
export function swish(tape: Tape, x: Tensor): Tensor {
  const { graph } = tape;
  const s = graph.add('Sigmoid', [x], x.shape);
  const y = graph.add('Mul', [x, s], x.shape);
  return tape.record(y, [x], (dy) => {
    // y' = s + y - y s
    const bend = graph.add('Sub', [y, graph.add('Mul', [y, s], x.shape)], x.shape);
    return [graph.add('Mul', [dy, graph.add('Add', [s, bend], x.shape)], x.shape)];
  });
}
