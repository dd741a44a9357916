/**
 * Gathers pipeline samples into blocks worth a WebSocket frame. Boards deliver every few milliseconds;
 * twenty pages times two leads times each of those would be thousands of sends a second.
 */
import type { Samples } from '@rhythmd/ecg/types.ts';

/** 100 ms at 360 Hz: the page draws smoothly from it and a block is two TCP segments at most. */
const BLOCK_SAMPLES = 36;
/** A replay at high speed sends larger blocks instead of more of them. */
const BLOCK_MAX_SAMPLES = 2048;
const BLOCK_MIN_INTERVAL_MS = 50;

export interface WaveBlock {
  readonly first: number;
  readonly count: number;
  /** Millivolts of each lead, `count` of them; the arrays are reused. */
  readonly leads: readonly Float32Array[];
}

export class WaveBlocks {
  readonly #now: () => number;
  #leads: Float32Array[] = [];
  #first = 0;
  #count = 0;
  #sentAtMs = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds, monotonic. */
  constructor(now: () => number) {
    this.#now = now;
  }

  push(samples: Samples, onBlock: (block: WaveBlock) => void): void {
    const continues =
      samples.lost === 0 &&
      samples.first === this.#first + this.#count &&
      samples.leads.length === this.#leads.length;
    if (!continues) {
      this.flush(onBlock);
      if (samples.leads.length !== this.#leads.length) {
        this.#leads = samples.leads.map(() => new Float32Array(BLOCK_MAX_SAMPLES));
      }
      this.#first = samples.first;
    }
    let taken = 0;
    while (taken < samples.count) {
      const fits = Math.min(samples.count - taken, BLOCK_MAX_SAMPLES - this.#count);
      for (let lead = 0; lead < this.#leads.length; lead++) {
        const kept = this.#leads[lead]!;
        const values = samples.leads[lead]!;
        for (let i = 0; i < fits; i++) kept[this.#count + i] = values[taken + i]!;
      }
      this.#count += fits;
      taken += fits;
      if (this.#count === BLOCK_MAX_SAMPLES) this.flush(onBlock);
    }
    if (this.#count >= BLOCK_SAMPLES && this.#now() - this.#sentAtMs >= BLOCK_MIN_INTERVAL_MS)
      this.flush(onBlock);
  }

  /** Sends what is gathered: at a gap, or when no more comes. */
  flush(onBlock: (block: WaveBlock) => void): void {
    if (this.#count === 0) return;
    const first = this.#first;
    const count = this.#count;
    this.#first += count;
    this.#count = 0;
    this.#sentAtMs = this.#now();
    onBlock({ first, count, leads: this.#leads });
  }
}
