/**
 * Numbers rounded as the device will have them, in a graph that still computes in floats; gradients pass straight
 * through the rounding (Bengio et al. 2013; Jacob et al. 2018).
 */
import type { Graph, Tensor } from '../graph.ts';
import type { Tape } from '../tape.ts';

/** Levels of a signed byte on either side of zero. */
const LEVELS = 127;

/** Signed numbers that stay floats, one step for all of them. */
export function fakeQuantizeSigned(tape: Tape, x: Tensor, step: number): Tensor {
  const { graph } = tape;
  const steps = graph.add('Round', [graph.add('Div', [x, graph.scalar(step)], x.shape)], x.shape);
  const levels = graph.add('Clip', [steps, graph.scalar(-LEVELS), graph.scalar(LEVELS)], x.shape);
  return tape.record(graph.add('Mul', [levels, graph.scalar(step)], x.shape), [x], (dy) => [dy]);
}

/**
 * Unsigned 8-bit activations with one scale for the tensor. The gradient passes where the value is in range.
 * @param zeroPoint the byte that means zero
 */
export function fakeQuantize(tape: Tape, x: Tensor, scale: number, zeroPoint: number): Tensor {
  const { graph } = tape;
  // Not fused to integer kernels, because training graphs are never optimised; two passes instead of four.
  const parameters = [graph.scalar(scale), graph.constant(Uint8Array.of(zeroPoint), [])];
  const bytes = graph.add('QuantizeLinear', [x, ...parameters], x.shape, {}, 'uint8');
  const y = graph.add('DequantizeLinear', [bytes, ...parameters], x.shape);
  return tape.record(y, [x], (dy) => {
    const isUnder = atMost(graph, x, (255 - zeroPoint) * scale);
    const isOver = graph.add('GreaterOrEqual', [x, graph.scalar(-zeroPoint * scale)], x.shape, {}, 'bool');
    const isInside = graph.add('And', [isUnder, isOver], x.shape, {}, 'bool');
    return [graph.add('Where', [isInside, dy, graph.scalar(0)], x.shape)];
  });
}

function atMost(graph: Graph, x: Tensor, limit: number): Tensor {
  return graph.add('LessOrEqual', [x, graph.scalar(limit)], x.shape, {}, 'bool');
}
