/** Pause: an RR interval of at least `pauseSeconds` on readable signal, short of an asystole alert of its own. */
import type { AlertIssuer } from './issuer.ts';
import { RecurringEpisode } from './recurring-episode.ts';
import type { RhythmBeat, RhythmRule } from './rule.ts';
import type { RhythmSettings } from './settings.ts';

export class PauseRule implements RhythmRule {
  readonly #episode: RecurringEpisode;
  readonly #rateHz: number;
  readonly #settings: RhythmSettings;
  #previousId: string | null = null;

  constructor(issuer: AlertIssuer, settings: RhythmSettings, rateHz: number) {
    this.#episode = new RecurringEpisode('pause', issuer, settings.eventHoldSeconds * rateHz);
    this.#rateHz = rateHz;
    this.#settings = settings;
  }

  beat(beat: RhythmBeat): void {
    const previousId = this.#previousId;
    this.#previousId = beat.id;
    if (beat.rr === null || beat.rr < this.#settings.pauseSeconds * this.#rateHz) return;
    const rrMs = Math.round((1000 * beat.rr) / this.#rateHz);
    this.#episode.occurred({
      startSample: beat.sample - beat.rr,
      sample: beat.sample,
      text: `Pause of ${(rrMs / 1000).toFixed(1)} s`,
      evidence: { rr_ms: rrMs, beat_ids: previousId === null ? [beat.id] : [previousId, beat.id] },
    });
  }

  interrupted(): void {
    this.#previousId = null;
  }

  tick(now: number): void {
    this.#episode.tick(now);
  }
}
