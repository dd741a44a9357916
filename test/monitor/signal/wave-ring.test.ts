import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WaveRing } from '@rhythmd/monitor/signal/wave-ring.ts';
import fc from 'fast-check';

test('refuses a capacity that is no power of two', () => {
  assert.throws(() => new WaveRing(1000), RangeError);
});

test('what was never received is NaN, before, between and after', () => {
  const ring = new WaveRing(64);
  assert.ok(Number.isNaN(ring.at(0)));
  ring.write(100, Float32Array.of(1, 2));
  ring.write(105, Float32Array.of(3));
  assert.deepEqual(
    [99, 100, 101, 102, 104, 105, 106].map((i) => ring.at(i)),
    [NaN, 1, 2, NaN, NaN, 3, NaN],
  );
});

test('any writes behave like a map of the last samples', () => {
  const step = fc.record({ skip: fc.integer({ min: -10, max: 90 }), count: fc.nat(100) });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.constantFrom(0, 2 ** 31 - 50, 2 ** 40),
      (steps, base) => {
        const ring = new WaveRing(64);
        const model = new Map<number, number>();
        let end = base;
        for (const { skip, count } of steps) {
          const first = Math.max(base, end + skip);
          if (count === 0) continue;
          ring.write(
            first,
            Float32Array.from({ length: count }, (_, i) => (first + i) % 977),
          );
          for (let i = first; i < first + count; i++) if (i >= end - 64) model.set(i, i % 977);
          end = Math.max(end, first + count);
        }
        for (let i = end - 64; i < end + 3; i++) {
          const actual = ring.at(i);
          const expected = i < end ? (model.get(i) ?? NaN) : NaN;
          assert.ok(
            Object.is(actual, expected) || (i < base && Number.isNaN(actual)),
            `${i}: ${actual} for ${expected}`,
          );
        }
      },
    ),
  );
});
