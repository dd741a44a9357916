/** How much is written, and what that makes a day. */
const DAY_MS = 86_400_000;
/** Below this the rate is a guess. */
const MIN_TIME_MS = 30_000;

export class WrittenBytes {
  readonly #monotonicMs: () => number;
  #startedMs: number | null = null;
  #total = 0;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  get total(): number {
    return this.#total;
  }

  add(bytes: number): void {
    if (bytes > 0) this.#startedMs ??= this.#monotonicMs();
    this.#total += bytes;
  }

  /** At the rate since the first byte; null while that is not known. */
  perDay(): number | null {
    if (this.#startedMs === null) return null;
    const elapsedMs = this.#monotonicMs() - this.#startedMs;
    return elapsedMs < MIN_TIME_MS ? null : Math.round((this.#total * DAY_MS) / elapsedMs);
  }
}
