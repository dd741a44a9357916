/** The median of the last eight values: one outlier moves it little, a lasting change is followed in five. */
const LENGTH = 8;

export class RunningMedian {
  value = 0;
  readonly #values = new Float32Array(LENGTH);
  /** The same values in ascending order; in the order of their coming where one of them is no number. */
  readonly #sorted = new Float32Array(LENGTH);
  #isSorted = true;
  #next = 0;

  /** As if the last eight values had all been this one. */
  fill(value: number): void {
    this.#values.fill(value);
    this.#sorted.fill(value);
    this.#isSorted = !Number.isNaN(value);
    this.value = value;
  }

  push(value: number): void {
    const values = this.#values;
    const next = this.#next;
    const leaving = values[next]!;
    values[next] = value;
    this.#next = (next + 1) % LENGTH;
    if (this.#isSorted && !Number.isNaN(value)) this.#replace(leaving, values[next]!);
    else this.#sort();
    this.value = (this.#sorted[LENGTH / 2 - 1]! + this.#sorted[LENGTH / 2]!) / 2;
  }

  /** Only what lies between the two is moved: of eight values each is pushed eight times. */
  #replace(leaving: number, arriving: number): void {
    const sorted = this.#sorted;
    let at = 0;
    while (sorted[at] !== leaving) at++;
    for (; at < LENGTH - 1 && sorted[at + 1]! < arriving; at++) sorted[at] = sorted[at + 1]!;
    for (; at > 0 && sorted[at - 1]! > arriving; at--) sorted[at] = sorted[at - 1]!;
    sorted[at] = arriving;
  }

  #sort(): void {
    const sorted = this.#sorted;
    this.#isSorted = true;
    // Insertion into eight places is cheaper than a call of sort.
    for (let i = 0; i < LENGTH; i++) {
      const item = this.#values[i]!;
      if (Number.isNaN(item)) this.#isSorted = false;
      let at = i;
      for (; at > 0 && sorted[at - 1]! > item; at--) sorted[at] = sorted[at - 1]!;
      sorted[at] = item;
    }
  }

  /** Mean distance of the last eight values from their median. */
  get spread(): number {
    let sum = 0;
    for (let i = 0; i < LENGTH; i++) sum += Math.abs(this.#values[i]! - this.value);
    return sum / LENGTH;
  }
}
