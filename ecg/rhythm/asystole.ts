/**
 * Asystole: no beat for `asystoleSeconds` of readable signal. It works on peaks, which are known earlier than
 * verdicts, and on time, since what it waits for never comes. One beat after the silence is an escape beat, not
 * recovery: the alert ends with the second beat within the limit of the first.
 */
import { Episode } from './episode.ts';
import type { AlertIssuer } from './issuer.ts';
import type { Readability } from './readability.ts';
import type { RhythmRule } from './rule.ts';
import type { RhythmSettings } from './settings.ts';

/** A detector may tell of a beat this long after it (search back): silence is only counted up to here. */
const DETECTOR_DELAY_SECONDS = 1;

export class AsystoleRule implements RhythmRule {
  readonly #episode: Episode;
  readonly #readability: Readability;
  readonly #rateHz: number;
  readonly #limit: number;
  /** Another rule explains the missing beats (a fibrillating waveform has no QRS). */
  readonly #explained: () => boolean;
  #lastPeak: number | null = null;
  /** Until here something else explained the silence. */
  #explainedUntil = 0;
  #now = 0;

  constructor(
    issuer: AlertIssuer,
    readability: Readability,
    settings: RhythmSettings,
    rateHz: number,
    explained: () => boolean,
  ) {
    this.#episode = new Episode('asystole', issuer);
    this.#readability = readability;
    this.#rateHz = rateHz;
    this.#limit = settings.asystoleSeconds * rateHz;
    this.#explained = explained;
  }

  peak(sample: number): void {
    const previous = this.#lastPeak;
    this.#lastPeak = sample;
    if (!this.#episode.active || previous === null) return;
    const recovered = sample - previous < this.#limit && previous > this.#episode.startSample;
    if (recovered) this.#episode.end(Math.max(sample, this.#now), 'Beats again');
  }

  tick(now: number): void {
    this.#now = now;
    const readableSince = this.#readability.readableSince();
    if (readableSince === null) {
      this.#episode.end(now, 'The signal became unreadable', { reason: 'unreadable' });
      return;
    }
    if (this.#explained()) this.#explainedUntil = now;
    if (this.#episode.active) return;
    const silentSince = Math.max(this.#lastPeak ?? 0, readableSince, this.#explainedUntil);
    const silent = now - silentSince;
    if (silent < this.#limit + DETECTOR_DELAY_SECONDS * this.#rateHz) return;
    const seconds = Math.round(silent / this.#rateHz);
    this.#episode.report({
      startSample: silentSince,
      sample: now,
      text: `No beat for ${seconds} s`,
      evidence: { silent_s: seconds, rate_bpm: 0 },
    });
  }

  lost(): void {
    this.#lastPeak = null;
  }
}
