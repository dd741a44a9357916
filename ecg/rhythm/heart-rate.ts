/** The mean heart rate over the last `capacity` RR intervals; unknown until that many are known without a break. */
export class HeartRate {
  readonly #intervals: Float64Array;
  readonly #rateHz: number;
  #count = 0;
  #next = 0;
  #sum = 0;

  constructor(capacity: number, rateHz: number) {
    this.#intervals = new Float64Array(capacity);
    this.#rateHz = rateHz;
  }

  push(rr: number): void {
    const full = this.#count === this.#intervals.length;
    if (full) this.#sum -= this.#intervals[this.#next]!;
    else this.#count += 1;
    this.#intervals[this.#next] = rr;
    this.#sum += rr;
    this.#next = (this.#next + 1) % this.#intervals.length;
  }

  reset(): void {
    this.#count = 0;
    this.#next = 0;
    this.#sum = 0;
  }

  /** Beats per minute; null when unknown. */
  get bpm(): number | null {
    if (this.#count < this.#intervals.length) return null;
    return (60 * this.#rateHz * this.#count) / this.#sum;
  }

  /** Samples the mean reaches back. */
  get span(): number {
    return this.#sum;
  }
}
