/**
 * When the synthetic heart beats, and how: RR intervals whose spectrum has the two bumps of the model
 * (McSharry et al. 2003, section III: 0.1 Hz, the baroreflex, and 0.25 Hz, breathing), and premature
 * ventricular beats with a compensatory pause.
 */
import type { SeededRandom } from './seeded-random.ts';

export interface RhythmOptions {
  readonly heartRateBpm: number;
  /** Standard deviation of the heart rate. */
  readonly heartRateDeviationBpm: number;
  readonly ventricularPerMinute: number;
  /** Probability that a ventricular beat is followed by another: couplets and short runs. */
  readonly runProbability: number;
}

export const DEFAULT_RHYTHM: RhythmOptions = {
  heartRateBpm: 72,
  heartRateDeviationBpm: 1.5,
  ventricularPerMinute: 5,
  runProbability: 0.12,
};

export interface NextBeat {
  readonly ventricular: boolean;
  /** From the R peak before to this one's. */
  readonly rrS: number;
  /** The interval the sinus node keeps at this time. */
  readonly sinusRrS: number;
}

/** Frequency and deviation of the two bumps in Hz, and the ratio of their powers (LF / HF 0.5). */
const BUMPS = [
  { frequencyHz: 0.1, deviationHz: 0.01, power: 1 },
  { frequencyHz: 0.25, deviationHz: 0.01, power: 2 },
] as const;
const SINES_PER_BUMP = 6;

/** A premature beat comes after this part of a cycle; within a run they follow at this part. */
const COUPLING = 0.62;
const COUPLING_IN_RUN = 0.55;
/** A full compensatory pause: the sinus node was not disturbed, so the two intervals make two cycles. */
const PAUSE = 2 - COUPLING;

interface Sine {
  readonly angularHz: number;
  readonly phase: number;
  readonly amplitude: number;
}

export class HeartRhythm {
  readonly #options: RhythmOptions;
  readonly #random: SeededRandom;
  readonly #sines: readonly Sine[];
  #timeS = 0;
  #ventricularBefore = false;

  constructor(options: RhythmOptions, random: SeededRandom) {
    this.#options = options;
    this.#random = random;
    const totalPower = BUMPS.reduce((sum, { power }) => sum + power, 0);
    this.#sines = BUMPS.flatMap(({ frequencyHz, deviationHz, power }) =>
      Array.from({ length: SINES_PER_BUMP }, () => ({
        angularHz: 2 * Math.PI * (frequencyHz + deviationHz * random.gaussian()),
        phase: 2 * Math.PI * random.uniform(),
        // Equal parts of the bump's share of variance 1; a sine of amplitude a has variance a * a / 2.
        amplitude: Math.sqrt((2 * power) / totalPower / SINES_PER_BUMP),
      })),
    );
  }

  next(): NextBeat {
    const sinusRrS = this.#sinusRrS();
    const before = this.#ventricularBefore;
    const { ventricularPerMinute, runProbability, heartRateBpm } = this.#options;
    const probability = before ? runProbability : ventricularPerMinute / heartRateBpm;
    const ventricular = this.#random.uniform() < probability;
    let part = 1;
    if (ventricular) part = before ? COUPLING_IN_RUN : COUPLING;
    else if (before) part = PAUSE;
    this.#ventricularBefore = ventricular;
    const rrS = part * sinusRrS;
    this.#timeS += rrS;
    return { ventricular, rrS, sinusRrS };
  }

  #sinusRrS(): number {
    const { heartRateBpm, heartRateDeviationBpm } = this.#options;
    let variation = 0;
    for (const { angularHz, phase, amplitude } of this.#sines) {
      variation += amplitude * Math.sin(angularHz * this.#timeS + phase);
    }
    return 60 / Math.max(heartRateBpm / 2, heartRateBpm + heartRateDeviationBpm * variation);
  }
}
