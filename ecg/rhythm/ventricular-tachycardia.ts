/**
 * The alert of ventricular tachycardia, which two rules have something to say about: runs of ventricular beats
 * (ventricular-run.ts) and the rhythm network with the rate of the beats (fibrillation.ts). Whichever sees it first tells
 * it; it ends when neither has seen it for `eventHoldSeconds`.
 */
import type { AlertIssuer, Finding } from './issuer.ts';
import { RecurringEpisode } from './recurring-episode.ts';
import type { RhythmSettings } from './settings.ts';

/** Two findings of one tachycardia: seen by the other rule this much later. */
const SAME_SECONDS = 10;

export class VentricularTachycardia {
  readonly #episode: RecurringEpisode;
  readonly #rateHz: number;
  #seenUntil = Number.NEGATIVE_INFINITY;

  constructor(issuer: AlertIssuer, settings: RhythmSettings, rateHz: number) {
    this.#episode = new RecurringEpisode(
      'ventricular_tachycardia',
      issuer,
      settings.eventHoldSeconds * rateHz,
    );
    this.#rateHz = rateHz;
  }

  get active(): boolean {
    return this.#episode.active;
  }

  /** One begins. The other rule may have told it already. */
  occurred(finding: Finding): void {
    const isSame =
      this.active && finding.startSample - this.#seenUntil < 0 && this.#seenUntil > Number.NEGATIVE_INFINITY;
    const isNear = this.active && Math.abs(finding.sample - this.#seenUntil) < SAME_SECONDS * this.#rateHz;
    this.#seenUntil = Math.max(this.#seenUntil, finding.sample);
    if (isSame && isNear) this.#episode.touch(finding.sample);
    else this.#episode.occurred(finding);
  }

  /** The one that was told ended, and its evidence is complete. */
  amended(finding: Finding): void {
    this.#episode.amended(finding);
  }

  /** It goes on at `sample`. */
  goesOn(sample: number): void {
    this.#seenUntil = Math.max(this.#seenUntil, sample);
    this.#episode.touch(sample);
  }

  tick(now: number): void {
    this.#episode.tick(now);
  }
}
