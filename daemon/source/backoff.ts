/** The delay before the next try: doubles up to a ceiling, starts over after success. */
export interface BackoffSettings {
  readonly firstMs: number;
  readonly ceilingMs: number;
}

/** A replugged board is back within a second; a missing one costs a try every 15 s. */
export const DEFAULT_BACKOFF: BackoffSettings = { firstMs: 250, ceilingMs: 15_000 };

export class Backoff {
  readonly #settings: BackoffSettings;
  #nextMs: number;

  constructor(settings: BackoffSettings = DEFAULT_BACKOFF) {
    this.#settings = settings;
    this.#nextMs = settings.firstMs;
  }

  next(): number {
    const delay = this.#nextMs;
    this.#nextMs = Math.min(2 * delay, this.#settings.ceilingMs);
    return delay;
  }

  reset(): void {
    this.#nextMs = this.#settings.firstMs;
  }
}
