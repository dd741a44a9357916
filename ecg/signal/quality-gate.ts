import { LEAD_OFF_FLAGS, type LeadQuality, type QualityChange, SampleFlag, type Samples } from '../types.ts';

/** The gate looks at the signal in blocks of this length, in seconds. */
const BLOCK_S = 0.1;
/** Range over this many blocks (1 s: at least one beat at 60 bpm) is compared. */
const WINDOW_BLOCKS = 10;
/** A lead that moves less than this over a window, in millivolts, carries no ECG. */
const FLAT_RANGE_MV = 0.02;
/** A range this many times its own recent level is an artefact; below the second figure it is over. */
const NOISY_RATIO = 5;
const CALM_RATIO = 3;
/** No heart makes this range on the skin, in millivolts, whatever came before. */
const NOISY_RANGE_MV = 10;
/** How fast the usual range follows, as a share per block (about 10 s). */
const USUAL_RATE = 0.01;
/** Blocks a better state must last before it is believed (1 s). */
const RECOVERY_BLOCKS = 10;

/**
 * Says of each lead whether beats read from it can be believed. A worse state is entered at once, a better one
 * after it has lasted; `settling` is the first second of a stretch.
 */
export class QualityGate {
  readonly #blockLength: number;
  readonly #leads: LeadGate[];
  #end = -1;
  #inBlock = 0;
  #flags = 0;

  constructor(options: { rateHz: number; leads: number }) {
    this.#blockLength = Math.max(1, Math.round(options.rateHz * BLOCK_S));
    this.#leads = Array.from({ length: options.leads }, () => new LeadGate());
  }

  state(lead: number): LeadQuality {
    return this.#leads[lead]?.state ?? 'off';
  }

  /** The share of leads that can be read, 0 to 1. */
  get readability(): number {
    let good = 0;
    for (const lead of this.#leads) if (lead.state === 'good') good++;
    return this.#leads.length === 0 ? 0 : good / this.#leads.length;
  }

  push(samples: Samples, onChange: (change: QualityChange) => void): void {
    if (samples.first !== this.#end) {
      this.#end = samples.first;
      this.#inBlock = 0;
      this.#flags = 0;
      for (let lead = 0; lead < this.#leads.length; lead++) {
        this.#change(lead, this.#leads[lead]!.restart(), onChange);
      }
    }
    for (let at = 0; at < samples.count; ) {
      const length = Math.min(samples.count - at, this.#blockLength - this.#inBlock);
      for (let lead = 0; lead < this.#leads.length; lead++) {
        this.#leads[lead]!.add(samples.leads[lead]!, at, at + length);
      }
      this.#flags |= samples.flags;
      at += length;
      this.#end += length;
      this.#inBlock += length;
      if (this.#inBlock === this.#blockLength) this.#closeBlock(onChange);
    }
  }

  #closeBlock(onChange: (change: QualityChange) => void): void {
    for (let lead = 0; lead < this.#leads.length; lead++) {
      this.#change(lead, this.#leads[lead]!.closeBlock(this.#flags), onChange);
    }
    this.#inBlock = 0;
    this.#flags = 0;
  }

  #change(lead: number, changed: boolean, onChange: (change: QualityChange) => void): void {
    if (changed) onChange({ lead, sample: this.#end - this.#inBlock, quality: this.#leads[lead]!.state });
  }
}

class LeadGate {
  state: LeadQuality = 'good';
  readonly #low = new Float32Array(WINDOW_BLOCKS);
  readonly #high = new Float32Array(WINDOW_BLOCKS);
  #blocks = 0;
  #blockLow = Number.POSITIVE_INFINITY;
  #blockHigh = Number.NEGATIVE_INFINITY;
  #usualRange = 0;
  #calm = 0;

  /** @returns whether the state changed. */
  restart(): boolean {
    const before = this.state;
    this.#blocks = 0;
    this.#calm = 0;
    this.#usualRange = 0;
    this.#clearBlock();
    this.state = 'settling';
    return before !== this.state;
  }

  add(values: Float32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      if (value < this.#blockLow) this.#blockLow = value;
      if (value > this.#blockHigh) this.#blockHigh = value;
    }
  }

  closeBlock(flags: number): boolean {
    const before = this.state;
    this.#low[this.#blocks % WINDOW_BLOCKS] = this.#blockLow;
    this.#high[this.#blocks % WINDOW_BLOCKS] = this.#blockHigh;
    this.#blocks++;
    this.#clearBlock();
    const seen = this.#judge(flags);
    if (seen === 'good') {
      this.#calm++;
      if (this.#calm >= RECOVERY_BLOCKS) this.state = 'good';
    } else {
      this.#calm = 0;
      this.state = seen;
    }
    return before !== this.state;
  }

  #judge(flags: number): LeadQuality {
    if ((flags & LEAD_OFF_FLAGS) !== 0) return 'off';
    if ((flags & SampleFlag.saturated) !== 0) return 'saturated';
    if (this.#blocks < WINDOW_BLOCKS) return 'settling';
    let low = this.#low[0]!;
    let high = this.#high[0]!;
    for (let i = 1; i < WINDOW_BLOCKS; i++) {
      if (this.#low[i]! < low) low = this.#low[i]!;
      if (this.#high[i]! > high) high = this.#high[i]!;
    }
    const range = high - low;
    if (range < FLAT_RANGE_MV) return 'flat';
    if (this.#usualRange === 0) this.#usualRange = range;
    const ratio = range / this.#usualRange;
    this.#usualRange += USUAL_RATE * (Math.min(range, 2 * this.#usualRange) - this.#usualRange);
    if (range > NOISY_RANGE_MV || ratio > NOISY_RATIO) return 'noisy';
    return this.state === 'noisy' && ratio > CALM_RATIO ? 'noisy' : 'good';
  }

  #clearBlock(): void {
    this.#blockLow = Number.POSITIVE_INFINITY;
    this.#blockHigh = Number.NEGATIVE_INFINITY;
  }
}
