import type { Tensor } from '../graph.ts';
import type { Tape } from '../tape.ts';
import { above } from './above.ts';

export function relu(tape: Tape, x: Tensor): Tensor {
  const { graph } = tape;
  const y = graph.add('Relu', [x], x.shape);
  return tape.record(y, [x], (dy) => {
    return [graph.add('Mul', [dy, above(graph, y, 0)], x.shape)];
  });
}

/** Clip(x, 0, 6); the gradient passes between the two. */
export function relu6(tape: Tape, x: Tensor): Tensor {
  const { graph } = tape;
  const y = graph.add('Clip', [x, graph.scalar(0), graph.scalar(6)], x.shape);
  return tape.record(y, [x], (dy) => {
    const open = graph.add('Mul', [above(graph, y, 0), above(graph, y, 6, -1)], x.shape);
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
