/**
 * Whether what a bed says is of now. Its vitals come every second; the page counts on its own clock, which nobody sets,
 * since the last that were not a broker's memory. What comes late (a backlog on the way) shows against the device's own
 * stamps: they must not fall behind what they were.
 */

/** Five vitals are missing. */
export const SILENT_AFTER_MS = 5000;
/** Behind by more, it is no picture of now. */
const LATE_MS = 5000;
/** A delay that stays the same for so long is a clock that was set. */
const SETTLES_MS = 60_000;
const SAME_MS = 1000;

export class Freshness {
  #heardMs: number | null = null;
  /** The least that arrival and stamp were apart: the clocks' difference and the shortest way. */
  #leastMs: number | null = null;
  #delayMs = 0;
  #lateSince: { readonly ms: number; readonly delayMs: number } | null = null;

  /** When it was heard last; null: not since the page has listened. */
  get heardMs(): number | null {
    return this.#heardMs;
  }

  /** How far what it says lies behind; 0: as usual. */
  get lateMs(): number {
    return this.#delayMs > LATE_MS ? this.#delayMs : 0;
  }

  isFresh(nowMs: number): boolean {
    return this.#heardMs !== null && nowMs - this.#heardMs < SILENT_AFTER_MS && this.lateMs === 0;
  }

  /** @param nowMs by the clock that nobody sets; @param stampMs of the device */
  vitals(nowMs: number, stampMs: number): void {
    this.#heardMs = nowMs;
    const apart = nowMs - stampMs;
    this.#leastMs = this.#leastMs === null ? apart : Math.min(this.#leastMs, apart);
    this.#delayMs = apart - this.#leastMs;
    if (this.#delayMs <= LATE_MS) {
      this.#lateSince = null;
      return;
    }
    const since = this.#lateSince;
    if (since === null || Math.abs(since.delayMs - this.#delayMs) > SAME_MS) {
      this.#lateSince = { ms: nowMs, delayMs: this.#delayMs };
    } else if (nowMs - since.ms > SETTLES_MS) {
      this.#leastMs = apart;
      this.#delayMs = 0;
      this.#lateSince = null;
    }
  }

  /** Whether a message stamped so was under way for long; false where the clocks are not known yet. */
  isHistory(nowMs: number, stampMs: number): boolean {
    return this.#leastMs !== null && nowMs - stampMs - this.#leastMs > 2 * LATE_MS;
  }

  /** The connection is another one, or the device began again: nothing was heard. */
  forget(): void {
    this.#heardMs = null;
    this.#leastMs = null;
    this.#delayMs = 0;
    this.#lateSince = null;
  }
}
