/**
 * Frequent ectopy: `ectopyPerMinute` or more ventricular, or `supraventricularPerMinute` or more supraventricular beats
 * in the last 60 s. Ends below `END_FRACTION` of the limit, so that a count that wavers around it is one alert.
 */
import { Episode } from './episode.ts';
import type { AlertIssuer, Evidence } from './issuer.ts';
import { isSupraventricular, type RhythmBeat, type RhythmRule } from './rule.ts';
import type { RhythmSettings } from './settings.ts';

const WINDOW_SECONDS = 60;
const END_FRACTION = 0.6;
/** Updates only when the count grew by half: 10, 15, 23, 35 ... */
const UPDATE_FACTOR = 1.5;
/** More beats than fit into the window at 300/min. */
const BEATS_KEPT = 320;
const IDS_KEPT = 10;

export class FrequentEctopyRule implements RhythmRule {
  readonly #episode: Episode;
  readonly #limit: number;
  readonly #counts: (beat: RhythmBeat) => boolean;
  readonly #name: string;
  readonly #windowSamples: number;
  readonly #recent: RhythmBeat[] = [];
  #reported = 0;

  constructor(
    kind: 'frequent_ectopy' | 'frequent_supraventricular_ectopy',
    issuer: AlertIssuer,
    settings: RhythmSettings,
    rateHz: number,
  ) {
    const isVentricular = kind === 'frequent_ectopy';
    this.#episode = new Episode(kind, issuer);
    this.#limit = isVentricular ? settings.ectopyPerMinute : settings.supraventricularPerMinute;
    this.#counts = isVentricular ? ({ ventricular }) => ventricular : isSupraventricular;
    this.#name = isVentricular ? 'ventricular' : 'supraventricular';
    this.#windowSamples = WINDOW_SECONDS * rateHz;
  }

  beat(beat: RhythmBeat): void {
    if (!this.#counts(beat)) return;
    this.#recent.push(beat);
    if (this.#recent.length > BEATS_KEPT) this.#recent.shift();
    this.#forget(beat.sample);
    const count = this.#recent.length;
    if (count < this.#limit) return;
    if (this.#episode.active && count < this.#reported * UPDATE_FACTOR) return;
    this.#reported = count;
    this.#episode.report({
      startSample: this.#recent[0]!.sample,
      sample: beat.sample,
      text: `${count} ${this.#name} beats in 60 s`,
      evidence: this.#evidence(),
    });
  }

  tick(now: number): void {
    this.#forget(now);
    const count = this.#recent.length;
    if (this.#episode.active && count < this.#limit * END_FRACTION) {
      this.#episode.end(now, `${count} ${this.#name} beats in 60 s`, this.#evidence());
    }
  }

  #forget(now: number): void {
    while (this.#recent.length > 0 && this.#recent[0]!.sample <= now - this.#windowSamples) {
      this.#recent.shift();
    }
  }

  #evidence(): Evidence {
    return {
      per_minute: this.#recent.length,
      limit_per_minute: this.#limit,
      beat_ids: this.#recent.slice(-IDS_KEPT).map((beat) => beat.id),
    };
  }
}
