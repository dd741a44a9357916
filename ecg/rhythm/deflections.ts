/**
 * How much the lead moves within 200 ms, the length of the widest QRS, and how much it moved in the beats that were
 * found: tells a silent heart from a detector that lost beats that are there.
 */

const BLOCK_SECONDS = 0.1;
/** 12.8 s of blocks. */
const BLOCKS_KEPT = 128;
const BEATS_KEPT = 8;

export class Deflections {
  readonly #blockLength: number;
  readonly #lowest = new Float64Array(BLOCKS_KEPT);
  readonly #highest = new Float64Array(BLOCKS_KEPT);
  readonly #ofBeats: number[] = [];
  /** Blocks of beats that are not measured yet. */
  readonly #waiting: number[] = [];
  #block = -1;

  constructor(rateHz: number) {
    this.#blockLength = Math.round(BLOCK_SECONDS * rateHz);
  }

  push(lead: Float32Array, count: number, first: number): void {
    for (let index = 0; index < count; index += 1) {
      const value = lead[index]!;
      const block = Math.floor((first + index) / this.#blockLength);
      const at = block % BLOCKS_KEPT;
      if (block !== this.#block) {
        this.#block = block;
        this.#measureBeats();
        this.#lowest[at] = value;
        this.#highest[at] = value;
      } else {
        if (value < this.#lowest[at]!) this.#lowest[at] = value;
        if (value > this.#highest[at]!) this.#highest[at] = value;
      }
    }
  }

  /** A beat was found at `sample`; its waves are measured when they have been pushed. */
  beat(sample: number): void {
    this.#waiting.push(Math.floor(sample / this.#blockLength));
    if (this.#waiting.length > BEATS_KEPT) this.#waiting.shift();
  }

  /** Median over the last beats; null when none is known. */
  get typical(): number | null {
    if (this.#ofBeats.length === 0) return null;
    return [...this.#ofBeats].sort((a, b) => a - b)[this.#ofBeats.length >> 1]!;
  }

  /** The largest deflection that lies after `sample`, as far as it is remembered. */
  largestSince(sample: number): number {
    let largest = 0;
    const from = Math.max(Math.ceil(sample / this.#blockLength), this.#block - BLOCKS_KEPT + 1, 0);
    for (let block = from; block < this.#block; block += 1) largest = Math.max(largest, this.#range(block));
    return largest;
  }

  #measureBeats(): void {
    while (this.#waiting.length > 0 && this.#waiting[0]! + 1 < this.#block) {
      const block = this.#waiting.shift()!;
      if (!this.#kept(block - 1)) continue;
      this.#ofBeats.push(Math.max(this.#range(block - 1), this.#range(block)));
      if (this.#ofBeats.length > BEATS_KEPT) this.#ofBeats.shift();
    }
  }

  #kept(block: number): boolean {
    return block >= 0 && block > this.#block - BLOCKS_KEPT;
  }

  /** Over `block` and the one after it. */
  #range(block: number): number {
    const one = block % BLOCKS_KEPT;
    const other = (block + 1) % BLOCKS_KEPT;
    const highest = Math.max(this.#highest[one]!, this.#highest[other]!);
    return highest - Math.min(this.#lowest[one]!, this.#lowest[other]!);
  }
}
