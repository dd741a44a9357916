/**
 * Where the pen is: a little behind the newest sample, moving as evenly as the eye expects although blocks arrive
 * in bursts. Follows any rate (a replay at 20x) and stops when nothing comes.
 */

/** Enough for a block of the stream (100 ms) and a hiccup. */
const DELAY_S = 0.2;
/** Further behind (a tab that slept) the pen jumps. */
const JUMP_S = 2;
const RATE_WINDOW_MS = 1500;
/** How fast a wrong distance is mended: this share of it a second. */
const CORRECTION_PER_S = 1.5;

export class Playhead {
  readonly #delayS: number;
  #position: number | null = null;
  #lastMs = 0;
  readonly #arrivals: { ms: number; end: number }[] = [];

  /** @param delayS how far behind the newest sample: a block of what brings them, and a hiccup */
  constructor(delayS = DELAY_S) {
    this.#delayS = delayS;
  }

  get position(): number | null {
    return this.#position;
  }

  reset(): void {
    this.#position = null;
    this.#arrivals.length = 0;
  }

  /** Once a frame. @param end index after the newest sample. @returns the pen's sample index, fractional. */
  advance(nowMs: number, end: number, nominalRateHz: number): number {
    const elapsedS = Math.max(0, nowMs - this.#lastMs) / 1000;
    this.#lastMs = nowMs;
    const rate = this.#rate(nowMs, end, nominalRateHz);
    const delay = this.#delayS * rate;
    const position = this.#position;
    if (position === null || position > end || end - position > JUMP_S * rate + delay) {
      this.#position = Math.max(0, end - delay);
      return this.#position;
    }
    const error = end - delay - position;
    const step = (rate + error * CORRECTION_PER_S) * elapsedS;
    this.#position = Math.min(end, position + Math.max(0, step));
    return this.#position;
  }

  /** Samples a second over the last arrivals. */
  #rate(nowMs: number, end: number, nominalRateHz: number): number {
    const arrivals = this.#arrivals;
    const last = arrivals.at(-1);
    if (!last || end !== last.end) arrivals.push({ ms: nowMs, end });
    while (arrivals.length > 2 && nowMs - arrivals[0]!.ms > RATE_WINDOW_MS) arrivals.shift();
    const first = arrivals[0]!;
    const newest = arrivals.at(-1)!;
    const spanMs = newest.ms - first.ms;
    if (spanMs < 300) return nominalRateHz;
    return Math.max(nominalRateHz * 0.25, ((newest.end - first.end) / spanMs) * 1000);
  }
}
