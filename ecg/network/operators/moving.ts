/** Operators that only move values: none takes a step of its own. */
import { type Bounds, slicePlaces, transposePlaces } from '../layout.ts';
import { axisOf, sizeOf } from '../shapes.ts';
import type { Moving, Value } from '../values.ts';
import type { Compiling } from './operator.ts';

export function identity(compiling: Compiling): Value[] {
  return [compiling.value(0)];
}

export function reshape(compiling: Compiling): Value[] {
  const target = Array.from(compiling.constant(1).data);
  const value = compiling.value(0);
  if (value.base.kind === 'integers' || value.base.kind === 'constant') {
    const { tensor } = value.base;
    const shape = inferred(compiling, target, sizeOf(tensor.shape));
    const base = { ...value.base, tensor: { ...tensor, shape } };
    if (base.kind === 'integers' && base.scales.length > 1)
      compiling.refuse('reshapes weights with a scale a channel');
    return [{ base } as Value];
  }
  const moving = compiling.moving(0);
  const [batch, ...rest] = target;
  const size = sizeOf(moving.shape);
  // The batch is -1, 0 (as it is) or the one beat that the model takes.
  if (batch !== -1 && batch !== 0 && batch !== 1) compiling.refuse('reshapes the batch');
  const kept = rest.map((length, axis) => (length === 0 ? moving.shape[axis]! : length));
  const shape = batch === -1 && kept.every((length) => length > 0) ? kept : inferred(compiling, kept, size);
  if (sizeOf(shape) !== size) compiling.refuse(`makes ${shape.join(' x ')} of ${moving.shape.join(' x ')}`);
  return [{ ...moving, shape }];
}

/** One length may be -1: what is left. */
function inferred(compiling: Compiling, target: readonly number[], size: number): number[] {
  const known = target.reduce((product, length) => (length === -1 ? product : product * length), 1);
  const shape = target.map((length) => (length === -1 ? size / known : length));
  if (sizeOf(shape) !== size || !shape.every(Number.isInteger))
    compiling.refuse(`has no shape ${target.join(' x ')}`);
  return shape;
}

export function flatten(compiling: Compiling): Value[] {
  const moving = compiling.moving(0);
  if (compiling.number('axis', 1) !== 1) compiling.refuse('flattens the batch');
  return [{ ...moving, shape: [sizeOf(moving.shape)] }];
}

export function squeeze(compiling: Compiling): Value[] {
  const moving = compiling.moving(0);
  const axes = axesOf(compiling, moving);
  return [{ ...moving, shape: moving.shape.filter((_, axis) => !axes.includes(axis)) }];
}

export function unsqueeze(compiling: Compiling): Value[] {
  const moving = compiling.moving(0);
  const given = compiling.optionalConstant(1)?.data ?? compiling.numbers('axes', []);
  const rank = moving.shape.length + 1 + given.length;
  const axes = Array.from(given, (axis) => (axis < 0 ? axis + rank : axis) - 1).sort((a, b) => a - b);
  if (axes.some((axis) => axis < 0)) compiling.refuse('puts an axis before the batch');
  const shape = [...moving.shape];
  for (const axis of axes) shape.splice(axis, 0, 1);
  return [{ ...moving, shape }];
}

function axesOf(compiling: Compiling, { shape }: Moving): number[] {
  const given = compiling.optionalConstant(1)?.data ?? compiling.numbers('axes', []);
  return Array.from(given, (axis) => axisOf(axis, shape, compiling.name));
}

export function transpose(compiling: Compiling): Value[] {
  const { base, shape, places } = compiling.moving(0);
  const [batch, ...rest] = compiling.numbers('perm', []);
  if (batch !== 0 || rest.length !== shape.length) return compiling.refuse('moves the batch');
  const order = rest.map((axis) => axis - 1);
  return [{ base, shape: order.map((axis) => shape[axis]!), places: transposePlaces(places, shape, order) }];
}

export function slice(compiling: Compiling): Value[] {
  const { base, shape, places } = compiling.moving(0);
  const starts = compiling.constant(1).data;
  const ends = compiling.constant(2).data;
  const axes = compiling.optionalConstant(3)?.data ?? Float64Array.from(starts, (_, i) => i);
  const steps = compiling.optionalConstant(4)?.data;
  const bounds: Bounds[] = shape.map((count) => ({ start: 0, step: 1, count }));
  for (let i = 0; i < starts.length; i++) {
    const axis = axisOf(axes[i]!, shape, compiling.name);
    const step = steps?.[i] ?? 1;
    if (step <= 0) compiling.refuse('goes backwards');
    const length = shape[axis]!;
    const start = withinLength(starts[i]!, length);
    const count = Math.max(0, Math.ceil((withinLength(ends[i]!, length) - start) / step));
    bounds[axis] = { start, step, count };
  }
  const sliced = bounds.map(({ count }) => count);
  return [{ base, shape: sliced, places: slicePlaces(places, shape, bounds) }];
}

/** Negative ones count from the end, and what lies outside is cut. */
function withinLength(index: number, length: number): number {
  return Math.max(0, Math.min(length, index < 0 ? index + length : index));
}

export function split(compiling: Compiling): Value[] {
  const { base, shape, places } = compiling.moving(0);
  const axis = axisOf(compiling.number('axis', 0), shape, compiling.name);
  const parts = compiling.node.outputs.length;
  const length = shape[axis]!;
  const even = new Array<number>(parts).fill(Math.ceil(length / parts));
  even[parts - 1] = length - (parts - 1) * even[0]!;
  const lengths = Array.from(compiling.optionalConstant(1)?.data ?? even);
  if (sizeOf([lengths.length]) !== parts || lengths.reduce((sum, part) => sum + part, 0) !== length) {
    compiling.refuse('splits into parts that are not its whole');
  }
  let start = 0;
  return lengths.map((count) => {
    const bounds = shape.map((whole, at) =>
      at === axis ? { start, step: 1, count } : { start: 0, step: 1, count: whole },
    );
    start += count;
    return {
      base,
      shape: bounds.map((bound) => bound.count),
      places: slicePlaces(places, shape, bounds),
    };
  });
}
