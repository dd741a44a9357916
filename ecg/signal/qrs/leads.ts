/** The leads of one detector together: their common envelope, and how much each of them counts. */
import { PIPELINE_RATE_HZ } from '../../types.ts';
import { RingBuffer } from '../ring-buffer.ts';
import { BAND_CAPACITY, BAND_MASK } from './bands.ts';
import { QrsLead } from './lead.ts';

/** A beat shows in a lead where it is at least this share of the lead's usual beats. */
const SHOWS_SHARE = 0.3;
/** Raw samples kept for the R position, in seconds: the longest search-back and the learning. */
const RAW_S = 8;

export class QrsLeads {
  readonly all: readonly QrsLead[];
  /** How much each lead counts, summing to 1: by how clearly beats stand out of it. */
  readonly shares: Float64Array;
  /** Where each lead has its own hump for the common one in question. */
  readonly ownSteps: Int32Array;
  /** By step: the weighted mean of the leads' qrs bands, each as a share of its level. */
  readonly common = new Float32Array(BAND_CAPACITY);
  readonly #raw: readonly RingBuffer[];
  readonly #rings: readonly Float32Array[];
  /** What a lead's qrs band is multiplied by: its share over its level. */
  readonly #scales: Float64Array;

  constructor(count: number) {
    this.all = Array.from({ length: count }, () => new QrsLead());
    this.#raw = Array.from({ length: count }, () => new RingBuffer(PIPELINE_RATE_HZ * RAW_S));
    this.#rings = this.all.map(({ bands }) => bands.qrs);
    this.shares = new Float64Array(count);
    this.#scales = new Float64Array(count);
    this.ownSteps = new Int32Array(count);
  }

  /** Step after the newest. */
  get steps(): number {
    return this.all[0]?.bands.steps ?? 0;
  }

  /** How far beats stand out of the lead that shows them best. */
  get clarity(): number {
    let best = 0;
    for (const lead of this.all) best = Math.max(best, lead.clarity);
    return best;
  }

  restart(firstSample: number, step: number): void {
    this.common.fill(0);
    for (const lead of this.all) lead.bands.restart(step);
    for (const raw of this.#raw) raw.reset(firstSample);
  }

  push(leads: readonly Float32Array[], from: number, to: number): void {
    for (let lead = 0; lead < this.all.length; lead++) {
      this.#raw[lead]!.pushRange(leads[lead]!, from, to);
      this.all[lead]!.bands.push(leads[lead]!, from, to);
    }
  }

  /** As if the last sample went on for `count` samples; they are not kept. */
  hold(count: number): void {
    for (let lead = 0; lead < this.all.length; lead++) {
      const raw = this.#raw[lead]!;
      this.all[lead]!.bands.push(new Float32Array(count).fill(raw.at(raw.end - 1)), 0, count);
    }
  }

  /** Takes first levels from the steps after `step`. */
  learn(step: number): void {
    for (const lead of this.all) lead.learn(step);
    this.#weigh();
  }

  /** @returns the common envelope at `step`, which it also keeps */
  combine(step: number): number {
    const rings = this.#rings;
    let sum = 0;
    for (let lead = 0; lead < rings.length; lead++)
      sum += this.#scales[lead]! * rings[lead]![step & BAND_MASK]!;
    this.common[step & BAND_MASK] = sum;
    return sum;
  }

  /** Finds `ownSteps` for a hump of the common envelope. @returns the greatest height there, in levels */
  focus(n: number): number {
    let highest = 0;
    for (let index = 0; index < this.all.length; index++) {
      const lead = this.all[index]!;
      lead.followAmbient(n);
      this.ownSteps[index] = this.all.length === 1 ? n : lead.ownHump(n);
      highest = Math.max(highest, this.#height(index));
    }
    return highest;
  }

  /** The candidate in focus is a beat. */
  accept(isSure: boolean): void {
    for (let index = 0; index < this.all.length; index++)
      this.all[index]!.acceptBeat(this.ownSteps[index]!, isSure);
    this.#weigh();
  }

  /** It is none. */
  refuse(): void {
    for (let index = 0; index < this.all.length; index++) this.all[index]!.refuse(this.ownSteps[index]!);
  }

  lowerLevels(): void {
    for (const lead of this.all) lead.lowerLevel();
    this.#weigh();
  }

  /** Raw samples of the first lead, unless the beat in focus hardly shows there: then of the one that shows it best. */
  clearestRaw(): RingBuffer {
    let best = 0;
    for (let index = 1; index < this.all.length && this.#height(0) < SHOWS_SHARE; index++) {
      if (this.#height(index) > this.#height(best)) best = index;
    }
    return this.#raw[best]!;
  }

  #height(index: number): number {
    const { bands, perLevel } = this.all[index]!;
    return bands.qrs[this.ownSteps[index]! & BAND_MASK]! * perLevel;
  }

  #weigh(): void {
    let sum = 0;
    for (let index = 0; index < this.all.length; index++) sum += this.all[index]!.clarity;
    for (let index = 0; index < this.all.length; index++) {
      const { clarity, perLevel } = this.all[index]!;
      const share = sum > 0 ? clarity / sum : 1 / this.all.length;
      this.shares[index] = share;
      this.#scales[index] = share * perLevel;
    }
  }
}
