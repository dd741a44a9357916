/**
 * The true rate of a stream by the receiving computer's clock: a straight line through (sample index,
 * arrival). Batching by USB adapters (FTDI: 16 ms) delays samples and never hastens them, so each second
 * contributes its promptest arrival only.
 */

const POINT_EVERY_MS = 1000;
/** Ten minutes: 10 ms of arrival jitter leave some 20 ppm. */
const POINTS = 600;
/** From here a rate, and from here a drift, is worth saying. */
const RATE_AFTER_MS = 5000;
const DRIFT_AFTER_MS = 60_000;

export class RateMeter {
  readonly #nominalHz: number;
  readonly #index = new Float64Array(POINTS);
  readonly #arrivalMs = new Float64Array(POINTS);
  #points = 0;
  #openedMs = 0;
  #bestIndex = 0;
  #bestMs = 0;
  #bestDelay = Number.POSITIVE_INFINITY;

  constructor(nominalHz: number) {
    this.#nominalHz = nominalHz;
  }

  /** @param index samples of the stream up to and with this arrival, gaps counted */
  push(index: number, arrivalMs: number): void {
    if (this.#bestDelay === Number.POSITIVE_INFINITY) this.#openedMs = arrivalMs;
    const delay = arrivalMs - (index * 1000) / this.#nominalHz;
    if (delay < this.#bestDelay) {
      this.#bestDelay = delay;
      this.#bestIndex = index;
      this.#bestMs = arrivalMs;
    }
    if (arrivalMs - this.#openedMs < POINT_EVERY_MS) return;
    const at = this.#points++ % POINTS;
    this.#index[at] = this.#bestIndex;
    this.#arrivalMs[at] = this.#bestMs;
    this.#bestDelay = Number.POSITIVE_INFINITY;
  }

  /** After a jump that is not the clock's: a restart, a reconnect. */
  reset(): void {
    this.#points = 0;
    this.#bestDelay = Number.POSITIVE_INFINITY;
  }

  /** Samples per second; null in the first seconds. */
  get rateHz(): number | null {
    return this.#rateOver(RATE_AFTER_MS);
  }

  /** How much faster the board's clock runs than ours; null in the first minute. */
  get driftPpm(): number | null {
    const rateHz = this.#rateOver(DRIFT_AFTER_MS);
    return rateHz === null ? null : (rateHz / this.#nominalHz - 1) * 1e6;
  }

  #rateOver(spanMs: number): number | null {
    const count = Math.min(this.#points, POINTS);
    if (count < 3) return null;
    const oldest = this.#points > POINTS ? this.#points % POINTS : 0;
    const newest = (this.#points - 1) % POINTS;
    if (this.#arrivalMs[newest]! - this.#arrivalMs[oldest]! < spanMs - POINT_EVERY_MS) return null;
    // Relative to the first point: absolute values would cost digits.
    const i0 = this.#index[oldest]!;
    const t0 = this.#arrivalMs[oldest]!;
    let sumT = 0;
    let sumI = 0;
    for (let k = 0; k < count; k++) {
      sumT += this.#arrivalMs[k]! - t0;
      sumI += this.#index[k]! - i0;
    }
    const meanT = sumT / count;
    const meanI = sumI / count;
    let covariance = 0;
    let variance = 0;
    for (let k = 0; k < count; k++) {
      const t = this.#arrivalMs[k]! - t0 - meanT;
      covariance += t * (this.#index[k]! - i0 - meanI);
      variance += t * t;
    }
    return variance > 0 ? (1000 * covariance) / variance : null;
  }
}
