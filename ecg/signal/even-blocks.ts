/**
 * Cuts a stream into blocks whose borders are multiples of one length in the sample index, however it arrived: what is
 * decided once a block (which lead can be read, which beat is complete) is then decided by the samples alone.
 */
import type { Samples } from '../types.ts';

export class EvenBlocks {
  readonly #length: number;
  readonly #block: { -readonly [K in keyof Samples]: Samples[K] };
  #end = -1;

  /** @param length samples of a block; what comes before a gap, and the stream's end, may be shorter */
  constructor(options: { rateHz: number; leads: number; length: number }) {
    const { rateHz, leads, length } = options;
    this.#length = length;
    this.#block = {
      first: 0,
      rateHz,
      leads: Array.from({ length: leads }, () => new Float32Array(length)),
      count: 0,
      flags: 0,
      lost: 0,
    };
  }

  /** @param onBlock is given each block that is full, or that a gap ends; its arrays are reused */
  push(samples: Samples, onBlock: (block: Samples) => void): void {
    const block = this.#block;
    if (samples.first !== this.#end) {
      this.flush(onBlock);
      block.first = samples.first;
      block.lost = samples.lost;
    }
    this.#end = samples.first + samples.count;
    for (let at = 0; at < samples.count; ) {
      const border = this.#length - (block.first % this.#length);
      const taken = Math.min(samples.count - at, border - block.count);
      for (let lead = 0; lead < block.leads.length; lead++) {
        const values = samples.leads[lead]!;
        const copy = block.leads[lead]!;
        for (let i = 0; i < taken; i++) copy[block.count + i] = values[at + i]!;
      }
      block.count += taken;
      block.flags |= samples.flags;
      at += taken;
      if (block.count === border) this.#handOver(onBlock);
    }
  }

  /** The stream ends, or the samples after this are of another stretch. */
  flush(onBlock: (block: Samples) => void): void {
    if (this.#block.count > 0) this.#handOver(onBlock);
  }

  #handOver(onBlock: (block: Samples) => void): void {
    const block = this.#block;
    onBlock(block);
    block.first += block.count;
    block.count = 0;
    block.flags = 0;
    block.lost = 0;
  }
}
