/** Concat: parts lie one after the other, each already in the bytes of the whole. */
import { inStoredOrder } from '../layout.ts';
import { axisOf, sizeOf } from '../shapes.ts';
import { isCurve, type Value } from '../values.ts';
import { type Compiling, pending } from './operator.ts';
import { lookedUp } from './quantizing.ts';

export function concat(compiling: Compiling): Value[] {
  const parts = compiling.inputs.map((_, index) => {
    const value = compiling.moving(index);
    return isCurve(value) ? value : compiling.refuse('joins floats that were never quantized');
  });
  const first = parts[0]!.shape;
  const axis = axisOf(compiling.number('axis', 1), first, compiling.name);
  const shape = first.map((length, at) =>
    at === axis ? parts.reduce((sum, part) => sum + part.shape[axis]!, 0) : length,
  );
  const base = pending(compiling.name, (levels) => {
    const address = compiling.plan.allocate(sizeOf(shape));
    let output = address;
    for (const { base: curve, shape: own, places } of parts) {
      lookedUp(compiling, curve, inStoredOrder(places, own), levels, output);
      output += sizeOf(own);
    }
    return address;
  });
  return [
    {
      base,
      shape,
      places: placesOf(
        parts.map((part) => part.shape),
        shape,
        axis,
      ),
    },
  ];
}

function placesOf(
  shapes: readonly (readonly number[])[],
  whole: readonly number[],
  axis: number,
): Int32Array {
  const places = new Int32Array(sizeOf(whole));
  const inside = sizeOf(whole.slice(axis + 1));
  const outside = sizeOf(whole.slice(0, axis));
  let start = 0;
  let along = 0;
  for (const shape of shapes) {
    const rank = Int32Array.from({ length: sizeOf(shape) }, (_, i) => i);
    const stored = inverse(inStoredOrder(rank, shape));
    const run = shape[axis]! * inside;
    for (let o = 0; o < outside; o++)
      for (let i = 0; i < run; i++)
        places[o * whole[axis]! * inside + along * inside + i] = start + stored[o * run + i]!;
    start += sizeOf(shape);
    along += shape[axis]!;
  }
  return places;
}

function inverse(order: Int32Array): Int32Array {
  const result = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) result[order[i]!] = i;
  return result;
}
