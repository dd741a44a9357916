/**
 * Asystole: no beat for `asystoleSeconds` of readable signal. It works on peaks, which are known earlier than
 * verdicts, and on time, since what it waits for never comes. One beat after the silence is an escape beat, not
 * recovery: the alert ends with the second beat within the limit of the first.
 *
 * A lead that goes on moving as in a beat may have beats the detector lost. Then the alert waits twice as long: it
 * still comes, for the patient may move while the heart does not.
 */
import { Deflections } from './deflections.ts';
import { Episode } from './episode.ts';
import type { AlertIssuer } from './issuer.ts';
import type { Readability } from './readability.ts';
import type { RhythmRule } from './rule.ts';
import type { RhythmSettings } from './settings.ts';

/** A detector may tell of a beat this long after it (search back): silence is only counted up to here. */
const DETECTOR_DELAY_SECONDS = 1;
/** A beat's own waves lie within this of its peak: 500 ms holds the T wave. */
const WAVES_SECONDS = 0.5;
/** Deflections of this share of a beat's may be beats; P and T waves stay below it. */
const BEAT_SHARE = 0.5;
const WAIT_FACTOR = 2;

export class AsystoleRule implements RhythmRule {
  readonly #episode: Episode;
  readonly #readability: Readability;
  readonly #rateHz: number;
  readonly #limit: number;
  /** Another rule explains the missing beats (a fibrillating waveform has no QRS). */
  readonly #explained: () => boolean;
  readonly #deflections: Deflections;
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
    this.#deflections = new Deflections(rateHz);
  }

  /** Readable samples of the analysed lead. */
  pushSamples(lead: Float32Array, count: number, first: number): void {
    this.#deflections.push(lead, count, first);
  }

  peak(sample: number): void {
    this.#deflections.beat(sample);
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
    const delay = DETECTOR_DELAY_SECONDS * this.#rateHz;
    if (silent < this.#limit + delay) return;
    const moves = this.#movesAsInBeats(silentSince);
    if (moves && silent < WAIT_FACTOR * this.#limit + delay) return;
    const seconds = Math.round(silent / this.#rateHz);
    this.#episode.report({
      startSample: silentSince,
      sample: now,
      text: `No beat for ${seconds} s`,
      evidence: { silent_s: seconds, rate_bpm: 0, lead_moves: moves ? 'yes' : 'no' },
    });
  }

  #movesAsInBeats(since: number): boolean {
    const { typical } = this.#deflections;
    const largest = this.#deflections.largestSince(since + WAVES_SECONDS * this.#rateHz);
    return typical !== null && largest > BEAT_SHARE * typical;
  }

  unreadable(): void {
    this.#lastPeak = null;
  }
}
