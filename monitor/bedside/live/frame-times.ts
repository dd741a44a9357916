/** How long the last frames took to draw, for the benchmark and the curious (`rhythmd.frameTimes` in the console). */
const KEPT = 1024;

export class FrameTimes {
  readonly #values = new Float32Array(KEPT);
  #count = 0;

  add(ms: number): void {
    this.#values[this.#count++ % KEPT] = ms;
  }

  reset(): void {
    this.#count = 0;
  }

  /** Milliseconds; null before the first frame. */
  quantile(q: number): number | null {
    const count = Math.min(this.#count, KEPT);
    if (count === 0) return null;
    return this.#values.slice(0, count).sort()[Math.min(count - 1, Math.floor(q * count))]!;
  }
}
