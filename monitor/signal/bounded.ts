/** A list in order of `sample` that forgets its oldest entries. */
export class Bounded<T extends { readonly sample: number }> {
  readonly #items: T[] = [];
  readonly #bound: number;

  constructor(bound: number) {
    this.#bound = bound;
  }

  get items(): readonly T[] {
    return this.#items;
  }

  clear(): void {
    this.#items.length = 0;
  }

  add(item: T): void {
    const items = this.#items;
    let at = items.length;
    while (at > 0 && items[at - 1]!.sample > item.sample) at--;
    if (at > 0 && items[at - 1]!.sample === item.sample) items[at - 1] = item;
    else items.splice(at, 0, item);
    if (items.length > this.#bound) items.splice(0, items.length - this.#bound);
  }

  remove(item: T): void {
    const at = this.#items.indexOf(item);
    if (at >= 0) this.#items.splice(at, 1);
  }

  /** Position of the first item at or after `sample`. */
  indexFrom(sample: number): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#items[middle]!.sample < sample) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
