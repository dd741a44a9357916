/** Counts attempts of a caller in the running minute; bounded in callers, oldest forgotten first. */
const WINDOW_MS = 60_000;
const MAX_KEYS = 1024;

export class Attempts {
  readonly #limit: number;
  readonly #now: () => number;
  readonly #windows = new Map<string, { startMs: number; count: number }>();

  constructor(limit: number, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
  }

  /** @returns true when `key` has used up its minute. */
  exhausted(key: string): boolean {
    return (this.#current(key)?.count ?? 0) >= this.#limit;
  }

  add(key: string): void {
    const window = this.#current(key);
    if (window) {
      window.count++;
      return;
    }
    this.#windows.delete(key);
    this.#windows.set(key, { startMs: this.#now(), count: 1 });
    if (this.#windows.size <= MAX_KEYS) return;
    const oldest = this.#windows.keys().next();
    if (!oldest.done) this.#windows.delete(oldest.value);
  }

  #current(key: string): { startMs: number; count: number } | undefined {
    const window = this.#windows.get(key);
    return window && this.#now() - window.startMs < WINDOW_MS ? window : undefined;
  }
}
