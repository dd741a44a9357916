import type { Tensor } from '../graph.ts';
import type { Tape } from '../tape.ts';
import { outputSize, type Sliding, slices, unslice } from './patches.ts';

/** Below any activation: pads must never win the maximum. */
const NEVER = -3.4e38;

/** The gradient goes to the first of equal maxima, as everywhere else. */
export function maxPool(tape: Tape, x: Tensor, sliding: Sliding): Tensor {
  const { graph } = tape;
  const parts = slices(graph, x, sliding, NEVER);
  const shape = parts[0]!.shape;
  const y = graph.add('Max', parts, shape);
  return tape.record(y, [x], (dy) => {
    let free = dy;
    const gradients = parts.map((part, index) => {
      const isWinner = graph.add('Equal', [part, y], shape, {}, 'bool');
      const winner = graph.add('Cast', [isWinner], shape, { to: 1 });
      const gradient = graph.add('Mul', [winner, free], shape);
      if (index + 1 < parts.length) free = graph.add('Sub', [free, gradient], shape);
      return gradient;
    });
    return [unslice(graph, gradients, sliding, x.shape)];
  });
}

/** Average over the kernel; with pads the zeros count. */
export function averagePool(tape: Tape, x: Tensor, sliding: Sliding): Tensor {
  const { graph } = tape;
  const [, h, w] = x.shape as [number, number, number, number];
  const share = graph.scalar(1 / (sliding.kernel[0] * sliding.kernel[1]));
  const parts = slices(graph, x, sliding);
  const shape = [x.shape[0]!, ...outputSize(h, w, sliding), x.shape[3]!];
  const sum = graph.add('Sum', parts, shape);
  const y = graph.add('Mul', [sum, share], shape);
  return tape.record(y, [x], (dy) => {
    const part = graph.add('Mul', [dy, share], shape);
    return [
      unslice(
        graph,
        parts.map(() => part),
        sliding,
        x.shape,
      ),
    ];
  });
}

/** [C, H, W, N] to [C, 1, 1, N]. */
export function globalAverage(tape: Tape, x: Tensor): Tensor {
  const { graph } = tape;
  const [c, h, w, n] = x.shape as [number, number, number, number];
  const positions = graph.reshape(x, [c, h * w, n]);
  const mean = graph.add('ReduceMean', [positions, graph.integers([1])], [c, 1, n], { keepdims: 1 });
  return tape.record(graph.reshape(mean, [c, 1, 1, n]), [x], (dy) => {
    const share = graph.add('Mul', [graph.reshape(dy, [c, 1, n]), graph.scalar(1 / (h * w))], [c, 1, n]);
    const spread = graph.add('Expand', [share, graph.integers([c, h * w, n])], [c, h * w, n]);
    return [graph.reshape(spread, x.shape)];
  });
}
