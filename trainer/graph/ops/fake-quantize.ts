/**
 * Numbers rounded as the device will have them, in a graph that still computes in floats; gradients pass straight
 * through the rounding (Bengio et al. 2013; Jacob et al. 2018).
 */
import type { Graph, Tensor } from '../graph.ts';
import type { Tape } from '../tape.ts';

/** Levels of a signed byte on either side of zero. */
const LEVELS = 127;

/**
 * Signed weights.
 * @param scales distance of two levels, one for each first index (output channel)
 * @param most levels on either side of zero: 127 for eight bits
 */
export function fakeQuantizeWeight(tape: Tape, weight: Tensor, scales: Float32Array, most = LEVELS): Tensor {
  const { graph } = tape;
  const channels = scales.length;
  const size = weight.shape.reduce((a, b) => a * b, 1) / channels;
  const rows = graph.reshape(weight, [channels, size]);
  const column = graph.constant(scales, [channels, 1]);
  const steps = graph.add('Round', [graph.add('Div', [rows, column], rows.shape)], rows.shape);
  const bounds = [graph.scalar(-most), graph.scalar(most)];
  const levels = graph.add('Clip', [steps, ...bounds], rows.shape);
  const y = graph.reshape(graph.add('Mul', [levels, column], rows.shape), weight.shape);
  return tape.record(y, [weight], (dy) => [dy]);
}

/**
 * Weights given as places on a fixed grid, -1 its first and 1 its last level.
 * @param scales distance of two levels, one for each first index
 */
export function fakeQuantizePlaces(tape: Tape, places: Tensor, scales: Float32Array): Tensor {
  const { graph } = tape;
  const channels = scales.length;
  const size = places.shape.reduce((a, b) => a * b, 1) / channels;
  const rows = graph.reshape(places, [channels, size]);
  const column = graph.constant(scales, [channels, 1]);
  const levels = graph.add('Round', [graph.add('Mul', [rows, graph.scalar(LEVELS)], rows.shape)], rows.shape);
  const y = graph.reshape(graph.add('Mul', [levels, column], rows.shape), places.shape);
  return tape.record(y, [places], (outputGradient) => {
    const dy = graph.reshape(outputGradient, rows.shape);
    const spans = graph.constant(
      scales.map((scale) => scale * LEVELS),
      [channels, 1],
    );
    return [graph.reshape(graph.add('Mul', [dy, spans], rows.shape), places.shape)];
  });
}

/**
 * Biases in 32 bits: whole multiples of input scale times weight scale. Without it sums that fall between two bytes,
 * which scales of few digits make common, would be rounded another way than in integers.
 * @param units one a channel
 */
export function fakeQuantizeBias(tape: Tape, bias: Tensor, units: Float32Array): Tensor {
  const { graph } = tape;
  const unit = graph.constant(units, bias.shape);
  const multiples = graph.add('Round', [graph.add('Div', [bias, unit], bias.shape)], bias.shape);
  const y = graph.add('Mul', [multiples, unit], bias.shape);
  return tape.record(y, [bias], (dy) => [dy]);
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
