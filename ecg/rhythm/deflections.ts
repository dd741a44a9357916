/**
 * How much the lead moves within 200 ms, the length of the widest QRS, and how much it moved in the beats that were
 * found: tells a silent heart from a detector that lost beats that are there, and beats from what a detector finds in the
 * noise of a heart that stands still. Looked at between 4 and 25 Hz, where QRS complexes are and a wandering baseline is not,
 * and behind a median that takes a pacemaker's spikes away: where they go on and no heart answers, a detector finds "beats".
 */
import { Biquad, highPass, lowPass } from '../signal/biquad.ts';
import { RunningMedian } from '../signal/running-median.ts';

const LOW_HZ = 4;
const HIGH_HZ = 25;
const BLOCK_SECONDS = 0.1;
/** 12.8 s of blocks. */
const BLOCKS_KEPT = 128;
const BEATS_KEPT = 8;
/** Samples filtered together. */
const PIECE = 36;
/** Blocks after a start before the filter's output means something. */
const SETTLING_BLOCKS = 5;

export class Deflections {
  readonly #blockLength: number;
  /** Of 22 ms: what is shorter than half of that, a spike, is gone, and no QRS is. */
  readonly #despiked = new RunningMedian();
  readonly #highPass: Biquad;
  readonly #lowPass: Biquad;
  readonly #piece = new Float64Array(PIECE);
  readonly #lowest = new Float64Array(BLOCKS_KEPT);
  readonly #highest = new Float64Array(BLOCKS_KEPT);
  readonly #ofBeats: number[] = [];
  /** Beats that are not measured yet. */
  readonly #waiting: number[] = [];
  readonly #onBeat: ((sample: number, deflection: number) => boolean) | null;
  #end = -1;
  #block = -1;
  #since = 0;

  /**
   * @param onBeat is told of each beat that was measured, 200 ms later; says whether it is one, that is whether it counts for
   *   what is typical
   */
  constructor(rateHz: number, onBeat: ((sample: number, deflection: number) => boolean) | null = null) {
    this.#blockLength = Math.round(BLOCK_SECONDS * rateHz);
    this.#highPass = new Biquad(highPass(LOW_HZ / rateHz));
    this.#lowPass = new Biquad(lowPass(HIGH_HZ / rateHz));
    this.#onBeat = onBeat;
  }

  push(lead: Float32Array, count: number, first: number): void {
    if (first !== this.#end && count > 0) {
      this.#highPass.settleAt(lead[0]!);
      this.#lowPass.settleAt(0);
      this.#despiked.fill(lead[0]!);
      this.#since = Math.floor(first / this.#blockLength);
    }
    this.#end = first + count;
    for (let from = 0; from < count; from += PIECE) {
      const length = Math.min(PIECE, count - from);
      const piece = this.#piece;
      for (let index = 0; index < length; index += 1) {
        this.#despiked.push(lead[from + index]!);
        piece[index] = this.#despiked.value;
      }
      this.#highPass.run(piece, length);
      this.#lowPass.run(piece, length);
      this.#measure(first + from, length);
    }
  }

  #measure(first: number, length: number): void {
    const piece = this.#piece;
    for (let from = 0; from < length; ) {
      const block = Math.floor((first + from) / this.#blockLength);
      const at = block % BLOCKS_KEPT;
      const to = Math.min(length, (block + 1) * this.#blockLength - first);
      let lowest = piece[from]!;
      let highest = lowest;
      if (block !== this.#block) {
        this.#block = block;
        this.#measureBeats();
      } else {
        lowest = this.#lowest[at]!;
        highest = this.#highest[at]!;
      }
      for (; from < to; from += 1) {
        const value = piece[from]!;
        if (value < lowest) lowest = value;
        if (value > highest) highest = value;
      }
      this.#lowest[at] = lowest;
      this.#highest[at] = highest;
    }
  }

  /** A beat was found at `sample`; its waves are measured when they have been pushed. */
  beat(sample: number): void {
    this.#waiting.push(sample);
    if (this.#waiting.length > BEATS_KEPT) this.#waiting.shift();
  }

  /** Median over the last beats; null when none is known. */
  get typical(): number | null {
    if (this.#ofBeats.length === 0) return null;
    return [...this.#ofBeats].sort((a, b) => a - b)[this.#ofBeats.length >> 1]!;
  }

  forgetTypical(): void {
    this.#ofBeats.length = 0;
  }

  /** The largest deflection that lies after `sample`, as far as it is remembered. */
  largestSince(sample: number): number {
    let largest = 0;
    const oldest = Math.max(this.#since + SETTLING_BLOCKS, this.#block - BLOCKS_KEPT + 1, 0);
    const from = Math.max(Math.ceil(sample / this.#blockLength), oldest);
    for (let block = from; block < this.#block - 1; block += 1) {
      largest = Math.max(largest, this.#range(block));
    }
    return largest;
  }

  #measureBeats(): void {
    while (this.#waiting.length > 0) {
      const block = Math.floor(this.#waiting[0]! / this.#blockLength);
      if (block + 1 >= this.#block) return;
      const sample = this.#waiting.shift()!;
      if (!this.#isKept(block - 1)) continue;
      const deflection = Math.max(this.#range(block - 1), this.#range(block));
      if (this.#onBeat !== null && !this.#onBeat(sample, deflection)) continue;
      this.#ofBeats.push(deflection);
      if (this.#ofBeats.length > BEATS_KEPT) this.#ofBeats.shift();
    }
  }

  #isKept(block: number): boolean {
    return block >= this.#since && block > this.#block - BLOCKS_KEPT;
  }

  /** Over `block` and the one after it. */
  #range(block: number): number {
    const one = block % BLOCKS_KEPT;
    const other = (block + 1) % BLOCKS_KEPT;
    const highest = Math.max(this.#highest[one]!, this.#highest[other]!);
    return highest - Math.min(this.#lowest[one]!, this.#lowest[other]!);
  }
}
