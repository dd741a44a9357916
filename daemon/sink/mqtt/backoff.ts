/** Growing pauses between attempts, with a ceiling and some chance so that many devices do not knock as one. */
export class Backoff {
  readonly #firstMs: number;
  readonly #mostMs: number;
  readonly #random: () => number;
  #nextMs: number;

  constructor(firstMs: number, mostMs: number, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#mostMs = mostMs;
    this.#random = random;
    this.#nextMs = firstMs;
  }

  /** The next pause, within 20 % of the plan. */
  next(): number {
    const pauseMs = this.#nextMs * (0.8 + 0.4 * this.#random());
    this.#nextMs = Math.min(this.#nextMs * 2, this.#mostMs);
    return Math.round(pauseMs);
  }

  reset(): void {
    this.#nextMs = this.#firstMs;
  }
}
