/**
 * Supraventricular run: `runBeats` or more consecutive supraventricular beats at `supraventricularTachycardiaBpm` or
 * more. A beat that is not supraventricular, one without a verdict, or lost signal ends the sequence.
 *
 * A slower sequence is no tachycardia (an ectopic atrial or junctional rhythm), and in one that lasts the usual interval
 * follows: its later beats are no longer premature, so a long tachycardia is told by its beginning and by its rate.
 */
import type { AlertIssuer, Finding } from './issuer.ts';
import { RecurringEpisode } from './recurring-episode.ts';
import { bpmOf, isSupraventricular, type RhythmBeat, type RhythmRule } from './rule.ts';
import type { RhythmSettings } from './settings.ts';

/** Beat ids kept as evidence: the first of the run, enough to find it. */
const IDS_KEPT = 16;

export class SupraventricularRunRule implements RhythmRule {
  readonly #run: RecurringEpisode;
  readonly #settings: RhythmSettings;
  readonly #rateHz: number;
  readonly #ids: string[] = [];
  #length = 0;
  #firstSample = 0;
  #lastSample = 0;
  #told = false;

  constructor(issuer: AlertIssuer, settings: RhythmSettings, rateHz: number) {
    this.#run = new RecurringEpisode('supraventricular_run', issuer, settings.eventHoldSeconds * rateHz);
    this.#settings = settings;
    this.#rateHz = rateHz;
  }

  beat(beat: RhythmBeat): void {
    if (beat.label === null) this.#clear();
    else if (!isSupraventricular(beat)) this.#finish(beat.sample);
    else this.#extend(beat);
  }

  interrupted(): void {
    this.#clear();
  }

  tick(now: number): void {
    this.#run.tick(now);
  }

  #extend(beat: RhythmBeat): void {
    if (beat.rr === null) this.#finish(beat.sample);
    if (this.#length === 0) this.#firstSample = beat.sample;
    this.#length += 1;
    this.#lastSample = beat.sample;
    if (this.#ids.length < IDS_KEPT) this.#ids.push(beat.id);
    const rate = this.#bpm();
    if (this.#told || this.#length < this.#settings.runBeats || rate === null) return;
    if (rate < this.#settings.supraventricularTachycardiaBpm) return;
    this.#told = true;
    this.#run.occurred(this.#finding(beat.sample));
  }

  #finish(sample: number): void {
    if (this.#told && this.#length > this.#settings.runBeats) this.#run.amended(this.#finding(sample));
    this.#clear();
  }

  #clear(): void {
    this.#length = 0;
    this.#told = false;
    this.#ids.length = 0;
  }

  #bpm(): number | null {
    const span = this.#lastSample - this.#firstSample;
    return this.#length < 2 ? null : bpmOf(span / (this.#length - 1), this.#rateHz);
  }

  #finding(sample: number): Finding {
    const rate = this.#bpm();
    return {
      startSample: this.#firstSample,
      sample,
      text: `${this.#length} supraventricular beats in a row${rate === null ? '' : ` at ${rate.toFixed(0)}/min`}`,
      evidence: {
        beats: this.#length,
        rate_bpm: rate,
        until_sample: this.#lastSample,
        beat_ids: [...this.#ids],
      },
    };
  }
}
