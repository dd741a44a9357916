/**
 * The last minutes of one lead by absolute sample index. What was never received is NaN: gaps stay gaps.
 * Memory is fixed at construction.
 */
export class WaveRing {
  readonly #values: Float32Array;
  readonly #mask: number;
  #start = 0;
  #end = 0;

  /** @param capacity samples, a power of two. */
  constructor(capacity: number) {
    if ((capacity & (capacity - 1)) !== 0) throw new RangeError('capacity is a power of two');
    this.#values = new Float32Array(capacity).fill(Number.NaN);
    this.#mask = capacity - 1;
  }

  /** Index after the newest sample. */
  get end(): number {
    return this.#end;
  }

  /** Index of the oldest sample that may have a value. */
  get start(): number {
    return Math.max(this.#start, this.#end - this.#values.length);
  }

  clear(): void {
    this.#values.fill(Number.NaN);
    this.#start = 0;
    this.#end = 0;
  }

  /** Writes a stretch; what it skips becomes NaN, what lies before the ring is ignored. */
  write(first: number, samples: Float32Array): void {
    const capacity = this.#values.length;
    if (this.#end === 0 || first - this.#end >= capacity) {
      this.#values.fill(Number.NaN);
      this.#start = first;
      this.#end = first;
    }
    this.#start = Math.min(this.#start, first);
    for (let i = this.#end; i < first; i++) this.#values[wrap(i, this.#mask)] = Number.NaN;
    const last = first + samples.length;
    const oldest = Math.max(this.#end, last) - capacity;
    for (let i = Math.max(first, oldest); i < last; i++)
      this.#values[wrap(i, this.#mask)] = samples[i - first]!;
    this.#end = Math.max(this.#end, last);
  }

  /** NaN outside what is kept. */
  at(index: number): number {
    if (index < this.start || index >= this.#end) return Number.NaN;
    return this.#values[wrap(index, this.#mask)]!;
  }
}

/** Indices pass 2^31 after 69 days at 360 Hz, where `&` alone would go wrong. */
function wrap(index: number, mask: number): number {
  return index > 0x7fffffff ? index % (mask + 1) : index & mask;
}
