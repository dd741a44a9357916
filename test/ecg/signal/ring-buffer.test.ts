import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RingBuffer } from '@rhythmd/ecg/signal/ring-buffer.ts';
import fc from 'fast-check';

test('a capacity that is no positive integer is refused', () => {
  for (const capacity of [0, -1, 1.5, Number.NaN, 2 ** 40]) {
    assert.throws(() => new RingBuffer(capacity), { code: 'E_RING_CAPACITY' });
  }
});

test('samples outside the ring are NaN, windows outside are refused', () => {
  const ring = new RingBuffer(4);
  const window = new Float32Array(4);
  assert.ok(Number.isNaN(ring.at(0)));
  assert.equal(ring.read(0, 1, window), false);
  for (let i = 0; i < 6; i++) ring.push(i);
  assert.ok(Number.isNaN(ring.at(1)));
  assert.equal(ring.at(2), 2);
  assert.equal(ring.read(1, 4, window), false);
  assert.equal(ring.read(3, 4, window), false);
  assert.equal(ring.read(2, 5, new Float32Array(4)), false);
});

test('after a reset nothing from before is readable', () => {
  const ring = new RingBuffer(8);
  for (let i = 0; i < 6; i++) ring.push(i);
  ring.reset(100);
  assert.ok(Number.isNaN(ring.at(5)));
  ring.push(7);
  assert.equal(ring.at(100), 7);
  assert.equal(ring.start, 100);
});

test('property: a ring holds what an array holds, within its capacity', () => {
  const chunk = fc.array(fc.float({ noNaN: true }), { maxLength: 40 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(chunk, { maxLength: 12 }), (capacity, chunks) => {
      const ring = new RingBuffer(capacity);
      const all: number[] = [];
      for (const values of chunks) {
        ring.pushRange(Float32Array.from([9, ...values, 9]), 1, values.length + 1);
        all.push(...values);
        assert.equal(ring.end, all.length);
        assert.ok(ring.start <= Math.max(0, all.length - capacity));
        const held = new Float32Array(ring.end - ring.start);
        assert.ok(ring.read(ring.start, held.length, held));
        assert.deepEqual([...held], all.slice(ring.start).map(Math.fround));
      }
    }),
  );
});
