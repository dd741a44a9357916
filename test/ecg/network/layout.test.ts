/** Walks through places, for any shape, are those that ONNX's indices say one by one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { broadcastPlaces, slicePlaces, transposePlaces } from '@rhythmd/ecg/network/layout.ts';
import fc from 'fast-check';

const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 });
const sizeOf = (shape: readonly number[]) => shape.reduce((product, count) => product * count, 1);
/** No two alike. */
const placesOf = (shape: readonly number[]) =>
  Int32Array.from({ length: sizeOf(shape) }, (_, i) => (i * 7919) % 9973);

/** Every index of a shape, the last axis fastest. */
function indices(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (all, count) => all.flatMap((index) => Array.from({ length: count }, (_, i) => [...index, i])),
    [[]],
  );
}

function at(places: Int32Array, shape: readonly number[], index: readonly number[]): number {
  return places[shape.reduce((place, count, axis) => place * count + index[axis]!, 0)]!;
}

test('slices, with steps, down to nothing', () => {
  const bounds = fc.record({ start: fc.nat(4), step: fc.integer({ min: 1, max: 3 }), count: fc.nat(5) });
  const cases = shapes.chain((shape) =>
    fc.tuple(fc.constant(shape), fc.array(bounds, { minLength: shape.length, maxLength: shape.length })),
  );
  fc.assert(
    fc.property(cases, ([shape, wanted]) => {
      const within = wanted.map(({ start, step, count }, axis) => {
        const most = Math.max(0, Math.ceil((shape[axis]! - start) / step));
        return { start, step, count: Math.min(count, most) };
      });
      const expected = indices(within.map(({ count }) => count)).map((index) => {
        return at(
          placesOf(shape),
          shape,
          index.map((i, axis) => within[axis]!.start + within[axis]!.step * i),
        );
      });
      assert.deepEqual([...slicePlaces(placesOf(shape), shape, within)], expected);
    }),
  );
});

test('transposes', () => {
  const cases = shapes.chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc.shuffledSubarray([...shape.keys()], { minLength: shape.length, maxLength: shape.length }),
    ),
  );
  fc.assert(
    fc.property(cases, ([shape, order]) => {
      const target = order.map((axis) => shape[axis]!);
      const expected = indices(target).map((index) =>
        at(
          placesOf(shape),
          shape,
          shape.map((_, axis) => index[order.indexOf(axis)]!),
        ),
      );
      assert.deepEqual([...transposePlaces(placesOf(shape), shape, order)], expected);
    }),
  );
});

test('broadcasts, of axes of length 1 and of those that are missing', () => {
  const cases = shapes.chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc.nat(shape.length),
      fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
    ),
  );
  fc.assert(
    fc.property(cases, ([to, missing, isOne]) => {
      const from = to.map((count, axis) => (isOne[axis] ? 1 : count)).slice(missing);
      const expected = indices(to).map((index) =>
        at(
          placesOf(from),
          from,
          from.map((count, axis) => (count === 1 ? 0 : index[axis + missing]!)),
        ),
      );
      assert.deepEqual([...broadcastPlaces(placesOf(from), from, to)], expected);
    }),
  );
});
