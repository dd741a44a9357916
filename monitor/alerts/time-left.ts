/**
 * How long something goes on that the daemon said ends at a wall time: counted from when it was first heard, by a clock that
 * nobody sets. A clock that is far off, or the daemon's, says nothing.
 */
/** Twice the longest silence that may be asked for. */
const LONGEST_S = 7200;
/** Ends that are remembered; more than anybody has going on. */
const KEPT = 100;

export class TimeLeft {
  /** By the wall time that was said: when that is on the clock of `performance`. */
  readonly #deadlines = new Map<number, number>();

  /** As minutes and seconds; null where it is not known, or over. */
  words(untilMs: number | null): string | null {
    if (untilMs === null) return null;
    const now = performance.now();
    if (!this.#deadlines.has(untilMs)) {
      if (this.#deadlines.size >= KEPT) this.#deadlines.clear();
      this.#deadlines.set(untilMs, now + untilMs - Date.now());
    }
    const seconds = Math.round((this.#deadlines.get(untilMs)! - now) / 1000);
    if (seconds <= 0 || seconds > LONGEST_S) return null;
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  }
}
