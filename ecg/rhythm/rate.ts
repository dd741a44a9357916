/**
 * Bradycardia and tachycardia: the mean rate of the last `rateIntervals` RR intervals stays beyond its limit for
 * `rateHoldSeconds`; the end needs it `END_MARGIN_BPM` inside the limit for as long. Beyond the extreme limit the
 * alert rises to high priority, under the same id, and stays there until it ends.
 */
import { Episode } from './episode.ts';
import { HeartRate } from './heart-rate.ts';
import type { AlertIssuer, Evidence } from './issuer.ts';
import type { RhythmBeat, RhythmRule } from './rule.ts';
import type { RhythmSettings } from './settings.ts';

const END_MARGIN_BPM = 5;
/** A change of the rate of this much is worth an update. */
const UPDATE_STEP_BPM = 10;
/** Intervals that were lost end nothing at once: the rate may come back with the signal. */
const UNKNOWN_ENDS_AFTER_SECONDS = 30;

export class RateRule implements RhythmRule {
  readonly #episode: Episode;
  readonly #rate: HeartRate;
  readonly #rateHz: number;
  /** +1: too fast, -1: too slow; multiplies rates so that "beyond" is always "greater". */
  readonly #direction: 1 | -1;
  readonly #settings: RhythmSettings;
  readonly #holdSamples: number;
  readonly #intervals: number;
  readonly #alike: boolean[] = [];
  #beyondSince: number | null = null;
  #insideSince: number | null = null;
  #unknownSince: number | null = null;
  #reportedBpm = 0;
  #high = false;

  constructor(
    kind: 'bradycardia' | 'tachycardia',
    issuer: AlertIssuer,
    settings: RhythmSettings,
    rateHz: number,
  ) {
    this.#episode = new Episode(kind, issuer);
    this.#rate = new HeartRate(settings.rateIntervals, rateHz);
    this.#rateHz = rateHz;
    this.#direction = kind === 'tachycardia' ? 1 : -1;
    this.#settings = settings;
    this.#intervals = settings.rateIntervals;
    this.#holdSamples = settings.rateHoldSeconds * rateHz;
  }

  get #limit(): number {
    return this.#direction === 1 ? this.#settings.tachycardiaBpm : this.#settings.bradycardiaBpm;
  }

  get #extreme(): number {
    return this.#direction === 1
      ? this.#settings.extremeTachycardiaBpm
      : this.#settings.extremeBradycardiaBpm;
  }

  beat(beat: RhythmBeat): void {
    if (beat.rr === null) return;
    this.#alike.push(beat.alike);
    if (this.#alike.length > this.#intervals) this.#alike.shift();
    this.#rate.push(beat.rr);
    const bpm = this.#rate.bpm;
    if (bpm === null) return;
    this.#unknownSince = null;
    if (this.#episode.active) this.#follow(beat, bpm);
    else this.#watch(beat, bpm);
  }

  interrupted(sample: number): void {
    this.#rate.reset();
    this.#beyondSince = null;
    this.#insideSince = null;
    this.#unknownSince ??= sample;
  }

  tick(now: number): void {
    if (this.#unknownSince === null || !this.#episode.active) return;
    if (now - this.#unknownSince < UNKNOWN_ENDS_AFTER_SECONDS * this.#rateHz) return;
    this.#episode.end(now, 'The rate is unknown', { reason: 'unreadable', rate_bpm: null });
  }

  #beyond(bpm: number, limit: number): boolean {
    return this.#direction * (bpm - limit) > 0;
  }

  /** Beyond the extreme limit, and by beats that repeat a shape. */
  #isHigh(bpm: number): boolean {
    return this.#beyond(bpm, this.#extreme) && 2 * this.#alike.filter(Boolean).length >= this.#alike.length;
  }

  #watch(beat: RhythmBeat, bpm: number): void {
    if (!this.#beyond(bpm, this.#limit)) {
      this.#beyondSince = null;
      return;
    }
    this.#beyondSince ??= beat.sample;
    if (beat.sample - this.#beyondSince < this.#holdSamples) return;
    this.#insideSince = null;
    this.#high = false;
    this.#report(beat, bpm, this.#beyondSince - this.#rate.span);
  }

  #follow(beat: RhythmBeat, bpm: number): void {
    if (this.#beyond(bpm, this.#limit - this.#direction * END_MARGIN_BPM)) {
      this.#insideSince = null;
      const rises = !this.#high && this.#isHigh(bpm);
      if (rises || Math.abs(bpm - this.#reportedBpm) >= UPDATE_STEP_BPM) {
        this.#report(beat, bpm, this.#episode.startSample);
      }
      return;
    }
    this.#insideSince ??= beat.sample;
    if (beat.sample - this.#insideSince < this.#holdSamples) return;
    this.#episode.end(beat.sample, `Rate ${bpm.toFixed(0)}/min`, this.#evidence(beat, bpm));
    this.#beyondSince = null;
  }

  #report(beat: RhythmBeat, bpm: number, startSample: number): void {
    this.#reportedBpm = bpm;
    this.#high ||= this.#isHigh(bpm);
    this.#episode.report({
      startSample: Math.max(0, startSample),
      sample: beat.sample,
      text: `Rate ${bpm.toFixed(0)}/min, limit ${this.#limit}/min`,
      evidence: this.#evidence(beat, bpm),
      priority: this.#high ? 'high' : 'medium',
    });
  }

  #evidence(beat: RhythmBeat, bpm: number): Evidence {
    return { rate_bpm: Math.round(bpm), limit_bpm: this.#limit, beat_ids: [beat.id] };
  }
}
