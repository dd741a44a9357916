import { RhythmdError } from '../errors.ts';

/** Up to so many samples are copied one by one: two views and a call of the engine cost more. */
const FEW = 64;

/**
 * The last samples of one lead, addressed by their absolute index in the stream. Capacity is a power of two,
 * so a position is one mask away; nothing is ever moved.
 */
export class RingBuffer {
  readonly capacity: number;
  readonly #values: Float32Array;
  readonly #mask: number;
  #end = 0;
  #start = 0;

  /** @param minimumCapacity samples that must stay readable; rounded up to a power of two. */
  constructor(minimumCapacity: number) {
    if (!Number.isInteger(minimumCapacity) || minimumCapacity < 1 || minimumCapacity > 2 ** 30) {
      throw new RhythmdError('E_RING_CAPACITY', `a ring of ${minimumCapacity} samples is not possible`);
    }
    let capacity = 1;
    while (capacity < minimumCapacity) capacity *= 2;
    this.capacity = capacity;
    this.#values = new Float32Array(capacity);
    this.#mask = capacity - 1;
  }

  /** Index of the oldest readable sample. */
  get start(): number {
    return Math.max(this.#start, this.#end - this.capacity);
  }

  /** Index after the newest sample. */
  get end(): number {
    return this.#end;
  }

  /** Empties the ring; the next sample pushed has index `first`. */
  reset(first = 0): void {
    this.#start = first;
    this.#end = first;
  }

  push(value: number): void {
    this.#values[this.#end & this.#mask] = value;
    this.#end++;
  }

  pushAll(samples: Float32Array, count: number): void {
    this.pushRange(samples, 0, count);
  }

  /** Appends samples [from, to); those older than the capacity are forgotten. */
  pushRange(samples: Float32Array, from: number, to: number): void {
    if (to - from <= FEW && to - from <= this.capacity) {
      const values = this.#values;
      const mask = this.#mask;
      let end = this.#end;
      for (let i = from; i < to; i++) values[end++ & mask] = samples[i]!;
      this.#end = end;
      return;
    }
    const skipped = Math.max(0, to - from - this.capacity);
    this.#end += skipped;
    for (let next = from + skipped; next < to; ) {
      const at = this.#end & this.#mask;
      const length = Math.min(to - next, this.capacity - at);
      this.#values.set(samples.subarray(next, next + length), at);
      this.#end += length;
      next += length;
    }
  }

  /** The sample at an absolute index; NaN where it is not held. */
  at(index: number): number {
    if (index < this.start || index >= this.#end) return Number.NaN;
    return this.#values[index & this.#mask]!;
  }

  /**
   * Copies samples [first, first + count) into `target` from 0.
   * @returns false, leaving `target` as it is, when a part of the window is not held.
   */
  read(first: number, count: number, target: Float32Array): boolean {
    if (first < this.start || first + count > this.#end || count > target.length) return false;
    const at = first & this.#mask;
    const head = Math.min(count, this.capacity - at);
    target.set(this.#values.subarray(at, at + head), 0);
    if (head < count) target.set(this.#values.subarray(0, count - head), head);
    return true;
  }
}
