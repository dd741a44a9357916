/** Growing pauses between attempts: they double up to a ceiling, and begin anew after a success. */
export interface BackoffSettings {
  readonly firstMs: number;
  readonly ceilingMs: number;
}

/** As planned: one board has nobody to get out of step with. */
const NO_CHANCE = () => 0.5;

export class Backoff {
  readonly #settings: BackoffSettings;
  readonly #random: () => number;
  #nextMs: number;

  /** @param random moves each pause by up to a fifth, so that many devices do not knock as one; 0.5: as planned */
  constructor(settings: BackoffSettings, random: () => number = NO_CHANCE) {
    this.#settings = settings;
    this.#random = random;
    this.#nextMs = settings.firstMs;
  }

  next(): number {
    const pauseMs = this.#nextMs * (0.8 + 0.4 * this.#random());
    this.#nextMs = Math.min(2 * this.#nextMs, this.#settings.ceilingMs);
    return Math.round(pauseMs);
  }

  reset(): void {
    this.#nextMs = this.#settings.firstMs;
  }
}
