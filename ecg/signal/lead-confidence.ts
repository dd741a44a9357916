/**
 * How sure a detector can be of the beats of one lead: it runs one on that lead alone and adds up how likely each
 * of its decisions is wrong. Noise that looks like noise is refused with certainty and does no harm; noise that
 * might be beats is what makes a stretch unreadable.
 */
import { PIPELINE_RATE_HZ, type Samples } from '../types.ts';
import { QrsDetector } from './qrs/detector.ts';

/** Decisions fade with this time constant, in seconds: about four beats. */
const MEMORY_S = 4;

export class LeadConfidence {
  readonly #detector: QrsDetector;
  #errors = 0;
  #beats = 0;
  #last = 0;

  constructor(rateHz: number, weights: Float32Array) {
    this.#detector = new QrsDetector({
      rateHz,
      leads: 1,
      weights,
      onCandidate: ({ sample, scored }) => {
        if (scored !== null) this.#decide(sample, scored.score);
      },
    });
  }

  /** Takes samples of a single lead. */
  push(samples: Samples): void {
    this.#detector.push(samples, ignore);
  }

  restart(): void {
    this.#errors = 0;
    this.#beats = 0;
  }

  /** Expected wrong decisions for each beat of the last seconds. */
  get doubt(): number {
    return this.#errors / (this.#beats + 1);
  }

  #decide(sample: number, score: number): void {
    const fading = Math.exp(-Math.max(0, sample - this.#last) / (MEMORY_S * PIPELINE_RATE_HZ));
    const probability = 1 / (1 + Math.exp(-score));
    this.#last = sample;
    this.#errors = this.#errors * fading + Math.min(probability, 1 - probability);
    this.#beats = this.#beats * fading + probability;
  }
}

const ignore = (): void => {};
