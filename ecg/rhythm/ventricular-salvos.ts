/**
 * Ventricular tachycardia in salvos: fast beats most of which are ventricular, broken by single ones that are not, while
 * the rhythm network gives tachycardia nearly half. Polymorphic tachycardia looks like
 * it: no five beats in a row need be called ventricular, and none is like the one before.
 */
import type { RhythmEvidence } from './rhythm-evidence.ts';
import { bpmOf, type RhythmBeat, type RhythmRule } from './rule.ts';
import type { RhythmSettings } from './settings.ts';
import type { VentricularTachycardia } from './ventricular-tachycardia.ts';

/** Looked at together. */
const BEATS = 8;
const LEAST_VENTRICULAR = 5;
/** What the network gives to tachycardia, as a mean of so many seconds; fibrillation is what it sees in noise. */
const NETWORK_SECONDS = 3;
const LEAST_PROBABILITY = 0.4;
/** At the beginning of a stream the network's window is filled up, and what it says is a guess. */
const FIRST_SECONDS = 3;

export class VentricularSalvosRule implements RhythmRule {
  readonly #tachycardia: VentricularTachycardia;
  readonly #evidence: RhythmEvidence;
  readonly #settings: RhythmSettings;
  readonly #rateHz: number;
  readonly #beats: RhythmBeat[] = [];

  constructor(
    settings: RhythmSettings,
    rateHz: number,
    tachycardia: VentricularTachycardia,
    evidence: RhythmEvidence,
  ) {
    this.#settings = settings;
    this.#rateHz = rateHz;
    this.#tachycardia = tachycardia;
    this.#evidence = evidence;
  }

  beat(beat: RhythmBeat): void {
    this.#beats.push(beat);
    if (this.#beats.length > BEATS) this.#beats.shift();
    if (this.#beats.length < BEATS || !this.#evidence.isKnown(beat.sample)) return;
    const first = this.#beats[0]!.sample;
    if (first < FIRST_SECONDS * this.#rateHz) return;
    const rate = bpmOf((beat.sample - first) / (BEATS - 1), this.#rateHz);
    if (rate < this.#settings.ventricularTachycardiaBpm) return;
    const ventricular = this.#beats.filter((one) => one.ventricular).length;
    if (ventricular < LEAST_VENTRICULAR) return;
    if (this.#evidence.mean('tachycardia', NETWORK_SECONDS) < LEAST_PROBABILITY) return;
    if (this.#tachycardia.active) this.#tachycardia.goesOn(beat.sample);
    else {
      this.#tachycardia.occurred({
        startSample: first,
        sample: beat.sample,
        text: `${ventricular} of ${BEATS} beats ventricular at ${rate.toFixed(0)}/min`,
        evidence: {
          beats: BEATS,
          rate_bpm: rate,
          until_sample: beat.sample,
          beat_ids: this.#beats.map(({ id }) => id),
        },
      });
    }
  }

  interrupted(): void {
    this.#beats.length = 0;
  }
}
