import type { Tensor } from '../graph.ts';
import type { Tape } from '../tape.ts';

export function add(tape: Tape, a: Tensor, b: Tensor): Tensor {
  return tape.record(tape.graph.add('Add', [a, b], a.shape), [a, b], (dy) => [dy, dy]);
}

/** Along the channels: a copy in CHWN. */
export function concat(tape: Tape, inputs: readonly Tensor[]): Tensor {
  const { graph } = tape;
  const channels = inputs.map((input) => input.shape[0]!);
  const rest = inputs[0]!.shape.slice(1);
  const total = channels.reduce((sum, c) => sum + c, 0);
  const y = graph.add('Concat', inputs, [total, ...rest], { axis: 0 });
  return tape.record(y, inputs, (dy) => {
    const parts: Tensor[] = channels.map((c) => ({
      name: graph.fresh('Split'),
      shape: [c, ...rest],
      type: 'float',
    }));
    graph.addNode('Split', [dy, graph.integers(channels)], parts, { axis: 0 });
    return parts;
  });
}

/** Elements [from, to) along one axis of a map: 0 channels, 1 rows, 2 columns. */
export function take(tape: Tape, x: Tensor, axis: 0 | 1 | 2, from: number, to: number): Tensor {
  const { graph } = tape;
  const shape = x.shape.with(axis, to - from);
  const bounds = [graph.integers([from]), graph.integers([to]), graph.integers([axis])];
  const y = graph.add('Slice', [x, ...bounds], shape);
  return tape.record(y, [x], (dy) => {
    const zeros = x.shape.map(() => 0);
    const amounts = [...zeros.with(axis, from), ...zeros.with(axis, x.shape[axis]! - to)];
    return [graph.add('Pad', [dy, graph.integers(amounts), graph.scalar(0)], x.shape)];
  });
}

/** Scales every channel of a map by a gate of its own (squeeze and excitation). */
export function scaleChannels(tape: Tape, x: Tensor, gate: Tensor): Tensor {
  const { graph } = tape;
  const [c, h, w, n] = x.shape as [number, number, number, number];
  const map = graph.reshape(x, [c, h * w, n]);
  const factor = graph.reshape(gate, [c, 1, n]);
  const y = graph.reshape(graph.add('Mul', [map, factor], map.shape), x.shape);
  return tape.record(y, [x, gate], (outputGradient) => {
    const dy = graph.reshape(outputGradient, map.shape);
    const dx = graph.add('Mul', [dy, factor], map.shape);
    const product = graph.add('Mul', [dy, map], map.shape);
    const dGate = graph.add('ReduceSum', [product, graph.integers([1])], [c, 1, n], { keepdims: 1 });
    return [graph.reshape(dx, x.shape), graph.reshape(dGate, gate.shape)];
  });
}

/** The same elements under another height and width (or any shape of equal size). */
export function reshape(tape: Tape, x: Tensor, shape: readonly number[]): Tensor {
  const y = tape.graph.reshape(x, shape);
  if (y === x) return x;
  return tape.record(y, [x], (dy) => [tape.graph.reshape(dy, x.shape)]);
}
