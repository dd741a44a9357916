/**
 * Which stretches of the analysed lead can be read. Changes may be told late (a gate needs time to notice) but
 * come in order. Bounded: what lies before the oldest kept stretch counts as unreadable.
 */

/** At one change a second this reaches back over four minutes: longer than any rule looks. */
const STRETCHES_KEPT = 256;

interface Stretch {
  readonly from: number;
  /** Infinity while it lasts. */
  to: number;
}

export class Readability {
  readonly #unreadable: Stretch[] = [];
  #forgottenBefore = 0;

  get readable(): boolean {
    return this.#unreadable.at(-1)?.to !== Number.POSITIVE_INFINITY;
  }

  /** The lead is readable (or not) from `sample` on. */
  change(sample: number, readable: boolean): void {
    const last = this.#unreadable.at(-1);
    if (readable) {
      if (last !== undefined && last.to === Number.POSITIVE_INFINITY) last.to = Math.max(sample, last.from);
    } else if (last === undefined || last.to !== Number.POSITIVE_INFINITY) {
      this.#add({ from: sample, to: Number.POSITIVE_INFINITY });
    }
  }

  /** Samples `from` to `to` were lost. */
  gap(from: number, to: number): void {
    if (this.readable) this.#add({ from, to });
  }

  /** Whether all of `from` to `to` (inclusive) can be read. */
  between(from: number, to: number): boolean {
    if (from < this.#forgottenBefore) return false;
    for (let index = this.#unreadable.length - 1; index >= 0; index -= 1) {
      const stretch = this.#unreadable[index]!;
      if (stretch.to <= from) return true;
      if (stretch.from <= to) return false;
    }
    return true;
  }

  /** The first sample since which everything up to now could be read; null when now cannot. */
  readableSince(): number | null {
    if (!this.readable) return null;
    return this.#unreadable.at(-1)?.to ?? 0;
  }

  #add(stretch: Stretch): void {
    this.#unreadable.push(stretch);
    if (this.#unreadable.length > STRETCHES_KEPT) {
      this.#forgottenBefore = this.#unreadable.shift()!.to;
    }
  }
}
