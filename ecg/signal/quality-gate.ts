import type { LeadQuality, QualityChange, Samples } from '../types.ts';
import { BaselineShare } from './baseline-share.ts';
import { Contact } from './contact.ts';
import { LeadConfidence } from './lead-confidence.ts';
import { shippedWeights } from './qrs/scorer.ts';

/** The gate decides in blocks of this length, in seconds. */
const BLOCK_S = 0.1;
/**
 * Expected wrong decisions a beat above which a lead may be noisy, and below which it is readable again. Doubt alone
 * is no noise: a detector doubts strange hearts too, and those are the ones that must not be silenced.
 */
const NOISY_DOUBT = 0.35;
const READABLE_DOUBT = 0.25;
/**
 * It is noise when the baseline carries this share of the signal, and no longer below that one. Electrode motion of the
 * stress test has 0.1 to 0.8 where beats are doubtful, ventricular rhythms of cudb have a median of 0.06. Chosen on cudb: at 0.15
 * (and doubt of 0.25) 5.4 % of it outside fibrillation was called noise, most of it a heart that could be read.
 */
const NOISY_BASELINE = 0.45;
const READABLE_BASELINE = 0.35;
/** Blocks a better state must last before it is believed (1 s); it then counts from where it began. */
const RECOVERY_BLOCKS = 10;
/** Noise is only recognised when several decisions were doubtful: it began about this long ago, in seconds. */
const NOISE_ONSET_S = 2;

/**
 * Says of each lead whether it is connected and alive (contact.ts), and whether there is noise on it (noise needs two
 * witnesses: doubtful beats and a restless baseline). How far single beats can be believed is `doubt`, which gates
 * nothing. A worse state is entered at once, a better one after it has lasted a second. A change may lie up to two
 * seconds back, a dead line as long as it has been dead.
 */
export class QualityGate {
  readonly #blockLength: number;
  readonly #leads: LeadGate[];
  #end = -1;
  #inBlock = 0;
  #flags = 0;

  constructor(options: { rateHz: number; leads: number; weights?: Float32Array }) {
    const { rateHz, leads, weights = shippedWeights() } = options;
    this.#blockLength = Math.max(1, Math.round(rateHz * BLOCK_S));
    this.#leads = Array.from({ length: leads }, () => new LeadGate(rateHz, this.#blockLength, weights));
  }

  state(lead: number): LeadQuality {
    return this.#leads[lead]?.state ?? 'off';
  }

  /** Expected wrong decisions for each beat on a lead; what `noisy` is decided by. */
  doubt(lead: number): number {
    return this.#leads[lead]?.doubt ?? 1;
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
        this.#tell(lead, this.#leads[lead]!.restart(samples.first), onChange);
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
      const changed = this.#leads[lead]!.closeBlock(this.#flags, this.#end);
      this.#tell(lead, changed, onChange);
    }
    this.#inBlock = 0;
    this.#flags = 0;
  }

  #tell(lead: number, changed: boolean, onChange: (change: QualityChange) => void): void {
    if (!changed) return;
    const { state, since } = this.#leads[lead]!;
    onChange({ lead, sample: since, quality: state });
  }
}

/** One lead's state and where it began. */
class LeadGate {
  state: LeadQuality = 'good';
  since = 0;
  readonly #rateHz: number;
  readonly #contact = new Contact();
  readonly #confidence: LeadConfidence;
  readonly #baseline = new BaselineShare();
  readonly #block: { -readonly [K in keyof Samples]: Samples[K] };
  #better = 0;
  #betterSince = 0;

  constructor(rateHz: number, blockLength: number, weights: Float32Array) {
    this.#rateHz = rateHz;
    this.#confidence = new LeadConfidence(rateHz, weights);
    this.#block = {
      first: 0,
      rateHz,
      leads: [new Float32Array(blockLength)],
      count: 0,
      flags: 0,
      lost: 0,
    };
  }

  get doubt(): number {
    return this.#confidence.doubt;
  }

  /** @returns whether the state changed. */
  restart(sample: number): boolean {
    this.#contact.restart();
    this.#confidence.restart();
    this.#baseline.restart();
    this.#block.count = 0;
    this.#better = 0;
    return this.#enter('settling', sample);
  }

  add(values: Float32Array, from: number, to: number): void {
    const block = this.#block;
    const copy = block.leads[0]!;
    for (let i = from; i < to; i++) copy[block.count++] = values[i]!;
    this.#contact.add(values, from, to);
  }

  /** @param end sample after the block */
  closeBlock(flags: number, end: number): boolean {
    this.#block.first = end - this.#block.count;
    this.#confidence.push(this.#block);
    this.#baseline.pushBlock(this.#block.leads[0]!, this.#block.count);
    this.#block.count = 0;
    let seen = this.#contact.closeBlock(flags);
    if (seen === 'settling') return false;
    if (seen === 'good' && this.#isNoisy()) seen = 'noisy';
    if (seen !== 'good') {
      this.#better = 0;
      const flatS = this.#contact.deadBlocks * BLOCK_S;
      const onsetS = seen === 'noisy' ? NOISE_ONSET_S : seen === 'flat' ? flatS : BLOCK_S;
      // Where the last state began is already told.
      return this.#enter(seen, Math.max(this.since, end - Math.round(onsetS * this.#rateHz)));
    }
    if (this.state === 'good') return false;
    // A stretch that settles well was good from its start.
    if (this.state === 'settling') return this.#enter('good', this.since);
    if (this.#better === 0) this.#betterSince = end;
    return ++this.#better >= RECOVERY_BLOCKS && this.#enter('good', this.#betterSince);
  }

  #isNoisy(): boolean {
    const { doubt } = this.#confidence;
    const { share } = this.#baseline;
    if (this.state === 'noisy') return doubt > READABLE_DOUBT && share > READABLE_BASELINE;
    return doubt > NOISY_DOUBT && share > NOISY_BASELINE;
  }

  #enter(state: LeadQuality, sample: number): boolean {
    if (state === this.state) return false;
    this.state = state;
    this.since = sample;
    this.#better = 0;
    return true;
  }
}
