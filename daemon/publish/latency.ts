/** Percentiles of the last thousand delays. */

const REMEMBERED = 1000;

export class Latency {
  readonly #values = new Float64Array(REMEMBERED);
  #count = 0;

  add(milliseconds: number): void {
    this.#values[this.#count++ % REMEMBERED] = milliseconds;
  }

  /** @returns null where nothing was measured */
  percentiles(): { readonly p50: number | null; readonly p95: number | null; readonly p99: number | null } {
    const sorted = this.#values.slice(0, Math.min(this.#count, REMEMBERED)).sort();
    const at = (share: number) => {
      const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
      return value === undefined ? null : Math.round(10 * value) / 10;
    };
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}
