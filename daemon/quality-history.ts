/** The state of one lead at a past sample: beats are judged a second or two after they happened. */
import type { LeadQuality } from '@rhythmd/ecg/types.ts';

/** Changes remembered; the gate's hysteresis spaces them, so this is minutes. */
const CHANGES = 64;

export class QualityHistory {
  readonly #changes: { sample: number; quality: LeadQuality }[] = [];
  #current: LeadQuality;

  constructor(initial: LeadQuality) {
    this.#current = initial;
  }

  get current(): LeadQuality {
    return this.#current;
  }

  /** @param sample where the state began; it may lie in the past, and then overrides what was assumed since */
  change(sample: number, quality: LeadQuality): void {
    while (this.#changes.length > 0 && this.#changes.at(-1)!.sample >= sample) this.#changes.pop();
    if (this.#changes.length === CHANGES) this.#changes.shift();
    this.#changes.push({ sample, quality });
    this.#current = quality;
  }

  at(sample: number): LeadQuality {
    for (let i = this.#changes.length - 1; i >= 0; i--) {
      if (this.#changes[i]!.sample <= sample) return this.#changes[i]!.quality;
    }
    return this.#changes.length === 0 ? this.#current : 'settling';
  }
}
