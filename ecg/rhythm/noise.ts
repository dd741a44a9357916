/**
 * Noise on the analysed lead, as the rhythm network sees it. It is told and gates nothing: most of what people mark as noise
 * has beats that can be read, and a monitor that goes quiet there is quiet where it is needed. What cannot be read at all is
 * `poor_signal`, by the quality gate (signal/quality-gate.ts).
 *
 * The network was taught which rhythm there is, and gives noise little where it sees one through it: a few hundredths, as a
 * mean of some seconds, already tell a disturbed lead from a clean one (docs/alerts.md has the curve).
 */
import { Episode } from './episode.ts';
import type { AlertIssuer } from './issuer.ts';
import type { RhythmEstimate } from './rhythm-estimate.ts';
import type { RhythmEvidence } from './rhythm-evidence.ts';
import type { RhythmRule } from './rule.ts';
import type { RhythmSettings } from './settings.ts';

/** What the network said in this time is averaged. */
const MEAN_SECONDS = 4;
/** It goes on above this share of the probability that starts it, and is over when that is this long ago. */
const GOES_ON_SHARE = 0.4;
const HOLD_SECONDS = 15;

export class NoiseRule implements RhythmRule {
  readonly #episode: Episode;
  readonly #evidence: RhythmEvidence;
  readonly #settings: RhythmSettings;
  readonly #rateHz: number;
  #lastSeen = 0;

  constructor(issuer: AlertIssuer, settings: RhythmSettings, rateHz: number, evidence: RhythmEvidence) {
    this.#episode = new Episode('noise', issuer);
    this.#evidence = evidence;
    this.#settings = settings;
    this.#rateHz = rateHz;
  }

  estimate({ sample }: RhythmEstimate): void {
    const probability = this.#evidence.mean('noise', MEAN_SECONDS);
    const limit = this.#settings.noiseProbability;
    if (probability >= (this.#episode.active ? GOES_ON_SHARE : 1) * limit) {
      this.#lastSeen = sample;
      if (this.#episode.active) return;
      this.#episode.report({
        startSample: Math.max(0, sample - MEAN_SECONDS * this.#rateHz),
        sample,
        text: 'Noise on the lead: what is found in it is less certain',
        evidence: { noise: Math.round(1000 * probability) / 1000 },
      });
    }
  }

  /** Estimates that no longer come say nothing of noise either. */
  tick(now: number): void {
    if (!this.#episode.active || now - this.#lastSeen < HOLD_SECONDS * this.#rateHz) return;
    this.#episode.end(now, 'Little noise');
  }
}
