/**
 * R on T: a ventricular beat that falls on the T wave of the beat before. The T wave is not measured; its end is
 * taken at Bazett's QT of the running sinus interval, QTc * sqrt(RR / 1 s) after the QRS (Lown and Wolf 1971, grade
 * 5; Bazett 1920). Beats of a couplet or run after the first follow a ventricular beat, not a T wave of their own.
 */
import type { AlertIssuer } from './issuer.ts';
import { RecurringEpisode } from './recurring-episode.ts';
import type { RhythmBeat, RhythmRule } from './rule.ts';
import type { RhythmSettings } from './settings.ts';

/** Weight of a new interval in the running sinus interval: about eight beats. */
const SMOOTHING = 1 / 8;
/** Before this share of the QT interval, about 50 ms ahead of the T wave's peak, the ventricle is refractory: no beat. */
const REFRACTORY_SHARE = 0.6;

export class ROnTRule implements RhythmRule {
  readonly #episode: RecurringEpisode;
  readonly #rateHz: number;
  readonly #qtcSeconds: number;
  #previous: RhythmBeat | null = null;
  #sinusSeconds: number | null = null;

  constructor(issuer: AlertIssuer, settings: RhythmSettings, rateHz: number) {
    this.#episode = new RecurringEpisode('r_on_t', issuer, settings.eventHoldSeconds * rateHz);
    this.#rateHz = rateHz;
    this.#qtcSeconds = settings.rOnTQtcMs / 1000;
  }

  beat(beat: RhythmBeat): void {
    const previous = this.#previous;
    this.#previous = beat;
    if (previous === null || beat.rr === null || previous.ventricular) return;
    const seconds = beat.rr / this.#rateHz;
    if (!beat.ventricular) {
      this.#sinusSeconds =
        this.#sinusSeconds === null
          ? seconds
          : this.#sinusSeconds + SMOOTHING * (seconds - this.#sinusSeconds);
      return;
    }
    if (this.#sinusSeconds === null) return;
    const qtSeconds = this.#qtcSeconds * Math.sqrt(this.#sinusSeconds);
    if (seconds >= qtSeconds || seconds < REFRACTORY_SHARE * qtSeconds) return;
    const couplingMs = Math.round(1000 * seconds);
    this.#episode.occurred({
      startSample: beat.sample,
      sample: beat.sample,
      text: `Ventricular beat ${couplingMs} ms after the beat before`,
      evidence: {
        coupling_ms: couplingMs,
        estimated_qt_ms: Math.round(1000 * qtSeconds),
        beat_ids: [previous.id, beat.id],
      },
    });
  }

  interrupted(): void {
    this.#previous = null;
  }

  tick(now: number): void {
    this.#episode.tick(now);
  }
}
