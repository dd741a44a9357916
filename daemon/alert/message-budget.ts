/**
 * How many messages may go out: a token bucket over the clock that nobody sets. It begins full, so a burst of that size passes,
 * and refills evenly.
 */
export class MessageBudget {
  readonly #perMinute: number;
  #tokens: number;
  #filledAtMs: number | null = null;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
    this.#tokens = perMinute;
  }

  /** Takes one message out of the budget; false when there is none left. */
  take(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #refill(nowMs: number): void {
    const elapsedMs = nowMs - (this.#filledAtMs ?? nowMs);
    this.#filledAtMs = nowMs;
    this.#tokens = Math.min(this.#perMinute, this.#tokens + (elapsedMs * this.#perMinute) / 60_000);
  }
}
