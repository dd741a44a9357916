import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Continuity } from '@rhythmd/daemon/source/continuity.ts';
import type { Samples } from '@rhythmd/ecg/types.ts';

const RATE_HZ = 100;
const CHUNK = 5;

/** A board whose chunks of 50 ms arrive at the given times. */
class Line {
  readonly out: { first: number; lost: number; count: number }[] = [];
  readonly #continuity: Continuity;
  #index = 0;

  constructor(countRange: number, speed = 1) {
    this.#continuity = new Continuity(countRange, speed);
  }

  chunk(arrivalMs: number, { lost = 0, restarts = 0 } = {}): void {
    this.#index += lost;
    const leads = [new Float32Array(CHUNK)];
    const samples: Samples = { first: this.#index, rateHz: RATE_HZ, leads, count: CHUNK, flags: 0, lost };
    this.#index += CHUNK;
    this.#continuity.push(samples, arrivalMs, restarts, (s) => this.out.push(s));
  }

  /** Chunks every 50 ms in [from, to). */
  steady(fromMs: number, toMs: number, restarts = 0): void {
    for (let ms = fromMs; ms < toMs; ms += 50) this.chunk(ms, { restarts });
  }

  lineBroke(): void {
    this.#continuity.lineBroke();
  }

  get lost(): number {
    return this.out.reduce((sum, s) => sum + s.lost, 0);
  }

  /** Every stretch begins where the one before ended, gaps counted. */
  assertContiguous(): void {
    let next = 0;
    for (const s of this.out) {
      assert.equal(s.first, next + s.lost);
      next = s.first + s.count;
    }
  }
}

test('a silence of a board that counts nothing is a gap of its length', () => {
  const line = new Line(1);
  line.steady(0, 1000);
  line.steady(4000, 6000);
  assert.ok(Math.abs(line.lost - 300) <= 5, String(line.lost));
  line.assertContiguous();
});

test('a silence followed by everything at once lost nothing', () => {
  const line = new Line(1);
  line.steady(0, 1000);
  for (let i = 0; i < 60; i++) line.chunk(4000);
  line.steady(4050, 6000);
  assert.equal(line.lost, 0);
  line.assertContiguous();
});

test('a burst that takes its time is waited for', () => {
  const line = new Line(1);
  line.steady(0, 1000);
  // Three seconds of samples within one.
  for (let i = 0; i < 80; i++) line.chunk(4000 + 12.5 * i);
  line.steady(5000, 7000);
  assert.equal(line.lost, 0);
  line.assertContiguous();
});

test('a short counter that goes on is believed, unless the line was closed', () => {
  const line = new Line(16);
  line.steady(0, 1000);
  line.steady(4000, 5000);
  assert.equal(line.lost, 0);
  line.lineBroke();
  line.steady(8000, 9000);
  assert.ok(Math.abs(line.lost - 300) <= 16, String(line.lost));
});

test('jitter is no gap', () => {
  const line = new Line(1);
  for (let ms = 0; ms < 10_000; ms += 50) line.chunk(ms + 200 * Math.abs(Math.sin(ms)));
  assert.equal(line.lost, 0);
});

test('a count that wraps is completed by whole turns', () => {
  const line = new Line(256);
  line.steady(0, 1000);
  // 600 samples are missing; the counter shows 600 - 512 of them.
  line.chunk(7000, { lost: 88 });
  line.steady(7050, 9000);
  assert.equal(line.lost, 600);
  line.assertContiguous();
});

test('a board that counts well is believed, until it starts again', () => {
  const line = new Line(Number.POSITIVE_INFINITY);
  line.steady(0, 1000);
  line.steady(4000, 5000);
  assert.equal(line.lost, 0);
  line.steady(7000, 9000, 1);
  assert.ok(Math.abs(line.lost - 200) <= 5, String(line.lost));
  line.assertContiguous();
});

test('time that runs faster makes longer gaps, unpaced time none', () => {
  const fast = new Line(1, 10);
  for (let ms = 0; ms < 1000; ms += 5) fast.chunk(ms);
  for (let ms = 2000; ms < 3000; ms += 5) fast.chunk(ms);
  assert.ok(Math.abs(fast.lost - 1000) <= 20, String(fast.lost));
  const unpaced = new Line(1, Number.POSITIVE_INFINITY);
  unpaced.steady(0, 1000);
  unpaced.steady(9000, 10_000);
  assert.equal(unpaced.lost, 0);
});
