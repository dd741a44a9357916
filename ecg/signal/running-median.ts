/** The median of the last eight values: one outlier moves it little, a lasting change is followed in five. */
const LENGTH = 8;

export class RunningMedian {
  value = 0;
  readonly #values = new Float32Array(LENGTH);
  readonly #sorted = new Float32Array(LENGTH);
  #next = 0;

  /** As if the last eight values had all been this one. */
  fill(value: number): void {
    this.#values.fill(value);
    this.value = value;
  }

  push(value: number): void {
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % LENGTH;
    const sorted = this.#sorted;
    // Insertion into eight places is cheaper than a call of sort.
    for (let i = 0; i < LENGTH; i++) {
      const item = this.#values[i]!;
      let at = i;
      for (; at > 0 && sorted[at - 1]! > item; at--) sorted[at] = sorted[at - 1]!;
      sorted[at] = item;
    }
    this.value = (sorted[LENGTH / 2 - 1]! + sorted[LENGTH / 2]!) / 2;
  }

  /** Mean distance of the last eight values from their median. */
  get spread(): number {
    let sum = 0;
    for (let i = 0; i < LENGTH; i++) sum += Math.abs(this.#values[i]! - this.value);
    return sum / LENGTH;
  }
}
