/** Heart rate of the last day of one bed, in the page's own memory: one value each ten seconds, bounded, NaN for unknown. */

export const TREND_STEP_MS = 10_000;
/** A day. */
const KEPT = 8640;

export class Trend {
  readonly #rates = new Float32Array(KEPT).fill(Number.NaN);
  #newest: number | null = null;

  /** @param nowMs wall time of this page; @param rateBpm null: unknown */
  add(nowMs: number, rateBpm: number | null): void {
    const step = Math.floor(nowMs / TREND_STEP_MS);
    const before = this.#newest ?? step - 1;
    // A computer's clock that was set back: the trend begins again there.
    if (step < before - KEPT || step > before + KEPT) this.#rates.fill(Number.NaN);
    else for (let i = before + 1; i <= step; i++) this.#rates[i % KEPT] = Number.NaN;
    this.#newest = Math.max(step, step < before - KEPT ? step : before);
    if (rateBpm !== null) this.#rates[step % KEPT] = rateBpm;
  }

  /** Values from `fromMs` to the newest, oldest first. */
  *since(fromMs: number): Generator<{ readonly t_ms: number; readonly rate: number }> {
    if (this.#newest === null) return;
    const oldest = Math.max(Math.ceil(fromMs / TREND_STEP_MS), this.#newest - KEPT + 1);
    for (let step = oldest; step <= this.#newest; step++) {
      yield { t_ms: step * TREND_STEP_MS, rate: this.#rates[step % KEPT]! };
    }
  }
}
