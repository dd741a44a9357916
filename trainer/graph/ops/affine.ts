import type { Tensor } from '../graph.ts';
import type { Tape } from '../tape.ts';

/**
 * y = scale * x + shift, one of each a channel.
 * @param x [C, H, W, N]
 * @param scale [C]
 * @param shift [C]
 */
export function affine(tape: Tape, x: Tensor, scale: Tensor, shift: Tensor): Tensor {
  const { graph } = tape;
  const c = x.shape[0]!;
  const rows = graph.reshape(x, [c, x.shape[1]! * x.shape[2]! * x.shape[3]!]);
  const factor = graph.reshape(scale, [c, 1]);
  const scaled = graph.add('Mul', [rows, factor], rows.shape);
  const y = graph.reshape(graph.add('Add', [scaled, graph.reshape(shift, [c, 1])], rows.shape), x.shape);
  return tape.record(y, [x, scale, shift], (outputGradient) => {
    const dy = graph.reshape(outputGradient, rows.shape);
    const perRow = graph.integers([1]);
    const product = graph.add('Mul', [dy, rows], rows.shape);
    return [
      graph.reshape(graph.add('Mul', [dy, factor], rows.shape), x.shape),
      graph.add('ReduceSum', [product, perRow], [c], { keepdims: 0 }),
      graph.add('ReduceSum', [dy, perRow], [c], { keepdims: 0 }),
    ];
  });
}
