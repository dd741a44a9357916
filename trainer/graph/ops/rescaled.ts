/**
 * Whole numbers on their way to a byte of another scale, as onnxruntime's integer kernels round them: times one factor,
 * rounded once, half to even, and clipped. What comes out is the number that the byte means; gradients pass where it is
 * inside its range.
 */
import type { Graph, Tensor } from '../graph.ts';
import type { Tape } from '../tape.ts';
import { above } from './above.ts';

export interface ByteRange {
  readonly scale: number;
  /** The byte that means zero. */
  readonly zeroPoint: number;
}

export interface OutputRange extends ByteRange {
  /** A rectifier is the lower bound of its bytes. */
  readonly isRectified: boolean;
}

/** ONNX's numbers of element types. */
const FLOAT = 1;
const DOUBLE = 11;

/**
 * @param sums whole numbers [C, ...] in units of input scale times weight scale
 * @param units one a channel
 * @param output null: the sums become the numbers that they stand for
 */
export function rescaled(tape: Tape, sums: Tensor, units: Float32Array, output: OutputRange | null): Tensor {
  const { graph } = tape;
  const perChannel = [units.length, ...sums.shape.slice(1).map(() => 1)];
  const column = (factors: Float32Array): Tensor => graph.constant(factors, perChannel);
  const factors = column(units.map((unit) => unit / (output?.scale ?? 1)));
  const scaled = graph.add('Mul', [sums, factors], sums.shape);
  const bySums = column(units);
  const backward = (dy: Tensor): Tensor => graph.add('Mul', [dy, bySums], sums.shape);
  if (output === null) return tape.record(scaled, [sums], (dy) => [backward(dy)]);
  return tape.record(asByte(graph, scaled, output), [sums], (dy) => [
    backward(whereInside(graph, dy, scaled, output)),
  ]);
}

/**
 * The sum of two bytes, as MLAS makes it with AVX2: the zero points' part first, then the second summand, then the
 * first, each times its own factor and rounded once (fused multiply and add: here in doubles, which hold such a product
 * and sum exactly). A residual network has so many sums near halves that another order changes the bytes of every
 * second beat.
 */
export function sumOfBytes(
  tape: Tape,
  summands: readonly [Tensor, Tensor],
  ranges: readonly [ByteRange, ByteRange],
  output: OutputRange,
): Tensor {
  const { graph } = tape;
  const { shape } = summands[0];
  const factors = ranges.map(({ scale }) => Math.fround(scale / output.scale)) as [number, number];
  const bytes = summands.map((summand, i) => {
    const { scale, zeroPoint } = ranges[i]!;
    const steps = graph.add('Round', [graph.add('Div', [summand, graph.scalar(scale)], shape)], shape);
    return graph.add('Add', [steps, graph.scalar(zeroPoint)], shape);
  });
  const zeros = Math.fround(factors[0] * ranges[0].zeroPoint + Math.fround(factors[1] * ranges[1].zeroPoint));
  let total: Tensor = graph.scalar(Math.fround(output.zeroPoint - zeros));
  for (const i of [1, 0] as const) total = multipliedAndAdded(graph, bytes[i]!, factors[i], total);
  const steps = graph.add('Sub', [graph.add('Round', [total], shape), graph.scalar(output.zeroPoint)], shape);
  return tape.record(clipped(graph, steps, output), summands, (dy) => {
    const gradient = whereInside(graph, dy, steps, output);
    return [gradient, gradient];
  });
}

/** x * factor + y, rounded once. */
function multipliedAndAdded(graph: Graph, x: Tensor, factor: number, y: Tensor): Tensor {
  const wide = (tensor: Tensor): Tensor =>
    graph.add('Cast', [tensor], tensor.shape, { to: DOUBLE }, 'double');
  const product = graph.add('Mul', [wide(x), wide(graph.scalar(factor))], x.shape, {}, 'double');
  const total = graph.add('Add', [product, wide(y)], x.shape, {}, 'double');
  return graph.add('Cast', [total], x.shape, { to: FLOAT });
}

/**
 * The mean of each channel: the sum of whole numbers times one factor.
 * @param x [C, H, W, N]
 * @returns [C, 1, 1, N]
 */
export function meanOfBytes(tape: Tape, x: Tensor, range: ByteRange, output: OutputRange): Tensor {
  const { graph } = tape;
  const [c, h, w, n] = x.shape as [number, number, number, number];
  const positions = graph.reshape(x, [c, h * w, n]);
  const steps = graph.add(
    'Round',
    [graph.add('Div', [positions, graph.scalar(range.scale)], positions.shape)],
    positions.shape,
  );
  const shape = [c, 1, n];
  const sums = graph.add('ReduceSum', [steps, graph.integers([1])], shape, { keepdims: 1 });
  const factor = Math.fround(range.scale / Math.fround(output.scale * (h * w)));
  const scaled = graph.add('Mul', [sums, graph.scalar(factor)], shape);
  const mean = graph.reshape(asByte(graph, scaled, output), [c, 1, 1, n]);
  return tape.record(mean, [x], (dy) => {
    const inside = whereInside(graph, graph.reshape(dy, shape), scaled, output);
    const share = graph.add('Mul', [inside, graph.scalar(1 / (h * w))], shape);
    const spread = graph.add('Expand', [share, graph.integers([c, h * w, n])], [c, h * w, n]);
    return [graph.reshape(spread, x.shape)];
  });
}

function asByte(graph: Graph, scaled: Tensor, output: OutputRange): Tensor {
  return clipped(graph, graph.add('Round', [scaled], scaled.shape), output);
}

/** Steps from zero as the numbers that their bytes mean. */
function clipped(graph: Graph, steps: Tensor, output: OutputRange): Tensor {
  const bounds = boundsOf(output).map((bound) => graph.scalar(bound));
  const kept = graph.add('Clip', [steps, ...bounds], steps.shape);
  return graph.add('Mul', [kept, graph.scalar(output.scale)], steps.shape);
}

function whereInside(graph: Graph, dy: Tensor, steps: Tensor, output: OutputRange): Tensor {
  const [low, high] = boundsOf(output);
  // Under half a step outside, rounding leads back to the bound; a rectifier's gradient ends at zero.
  const isOver = above(graph, steps, output.isRectified ? 0 : low - 0.5);
  const isUnder = above(graph, steps, high + 0.5, -1);
  const open = graph.add('Mul', [isOver, isUnder], steps.shape);
  return graph.add('Mul', [dy, open], steps.shape);
}

function boundsOf({ zeroPoint, isRectified }: OutputRange): [number, number] {
  return [isRectified ? 0 : -zeroPoint, 255 - zeroPoint];
}
