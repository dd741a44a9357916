/**
 * Wall time, carried by the clock that nobody sets. Everything is stamped and measured on the monotonic clock and
 * told in wall time at the last moment, so that a system clock which is set (NTP after a start without a battery
 * clock, somebody with `date -s`) moves stamps of the past along instead of tearing them from what follows.
 */

/** Less is reading two clocks one after the other; a clock that is slewed is followed in such steps. */
const NOTICED_MS = 2;
/** More is a clock that was set, not one that is corrected: slewing is at most 0.5 ms in a second. */
const SET_MS = 1000;
/** Two clocks are read at one moment when that took no longer. A busy machine may need some attempts. */
const SAME_MOMENT_MS = 0.5;
const ATTEMPTS = 5;

export class WallClock {
  readonly #nowMs: () => number;
  readonly #monotonicMs: () => number;
  /** Wall less monotonic time. */
  #offsetMs: number;
  #timesSet = 0;

  /** @param nowMs wall time, @param monotonicMs a clock that nobody sets; both in milliseconds */
  constructor(nowMs: () => number, monotonicMs: () => number) {
    this.#nowMs = nowMs;
    this.#monotonicMs = monotonicMs;
    this.#offsetMs = this.#measure();
  }

  /** How often it was set since we began. */
  get timesSet(): number {
    return this.#timesSet;
  }

  now(): number {
    return this.at(this.#monotonicMs());
  }

  /** Wall time of a moment on the monotonic clock. */
  at(monotonicMs: number): number {
    return monotonicMs + this.#offsetMs;
  }

  /** The moment on the monotonic clock of a wall time. */
  monotonicAt(wallMs: number): number {
    return wallMs - this.#offsetMs;
  }

  /**
   * Looks whether the system clock was set; cheap, call it with every batch of samples.
   * @returns by how much it was set, which is to be added to stamps told before; 0 when it was not
   */
  check(): number {
    // Once, without care: nearly always that is all.
    if (Math.abs(this.#nowMs() - this.#monotonicMs() - this.#offsetMs) < NOTICED_MS) return 0;
    const shiftMs = this.#measure() - this.#offsetMs;
    if (Math.abs(shiftMs) < NOTICED_MS) return 0;
    this.#offsetMs += shiftMs;
    if (Math.abs(shiftMs) < SET_MS) return 0;
    this.#timesSet++;
    return Math.round(shiftMs);
  }

  #measure(): number {
    let [offsetMs, leastMs] = [0, Number.POSITIVE_INFINITY];
    for (let attempt = 0; attempt < ATTEMPTS && leastMs > SAME_MOMENT_MS; attempt++) {
      const before = this.#monotonicMs();
      const nowMs = this.#nowMs();
      const tookMs = this.#monotonicMs() - before;
      if (tookMs >= leastMs) continue;
      leastMs = tookMs;
      offsetMs = nowMs - before - tookMs / 2;
    }
    return offsetMs;
  }
}
