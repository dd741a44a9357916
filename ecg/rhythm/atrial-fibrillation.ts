/**
 * Suspected atrial fibrillation: an irregularly irregular rhythm over the last `WINDOW_INTERVALS` intervals between
 * beats that are not ectopic, for `atrialFibrillationSeconds`. Only the rhythm is looked at, hence
 * "suspected": P waves are not. What the window shows is dated to its middle, in both directions.
 */
import { BeatOrigin } from './beat-origin.ts';
import { Episode } from './episode.ts';
import type { AlertIssuer, Evidence } from './issuer.ts';
import { RrIrregularity } from './rr-irregularity.ts';
import type { RhythmBeat, RhythmRule } from './rule.ts';
import type { RhythmSettings } from './settings.ts';

const WINDOW_INTERVALS = 48;
/** Dash et al. 2009: RMSSD / mean RR > 0.1. Leaving needs the calm of sinus rhythm (DS1: median below 0.05). */
const START_VARIATION = 0.1;
const END_VARIATION = 0.05;
/**
 * Lake and Moorman 2011 separate at about -1.4. Entering asks for more, since ectopic rhythms of DS1 reach -1.2;
 * leaving for less, the median of sinus rhythm there.
 */
const START_ENTROPY = -1;
const END_ENTROPY = -1.8;
/** An interrupted signal keeps the episode this long: atrial fibrillation rarely ends in a burst of noise. */
const UNKNOWN_ENDS_AFTER_SECONDS = 60;

export class AtrialFibrillationRule implements RhythmRule {
  readonly #episode: Episode;
  readonly #rateHz: number;
  readonly #settings: RhythmSettings;
  readonly #intervals = new RrIrregularity(WINDOW_INTERVALS);
  readonly #origin = new BeatOrigin();
  #previousSinus = false;
  /** Whether the interval before the current one was used: only then is their difference one of neighbours. */
  #previousUsed = false;
  #suspectedSince: number | null = null;
  #lastJudged: number | null = null;

  constructor(issuer: AlertIssuer, settings: RhythmSettings, rateHz: number) {
    this.#episode = new Episode('atrial_fibrillation', issuer);
    this.#rateHz = rateHz;
    this.#settings = settings;
  }

  beat(beat: RhythmBeat): void {
    const sinus = !this.#origin.isEctopic(beat);
    const usable = sinus && this.#previousSinus;
    this.#previousSinus = sinus;
    if (usable && beat.rr !== null) {
      this.#intervals.push(beat.rr / this.#rateHz, beat.sample, this.#previousUsed);
      if (this.#intervals.full) this.#judge(beat.sample);
    }
    this.#previousUsed = usable && beat.rr !== null;
  }

  interrupted(): void {
    this.#previousSinus = false;
    this.#previousUsed = false;
  }

  tick(now: number): void {
    if (this.#lastJudged === null) return;
    if (now - this.#lastJudged < UNKNOWN_ENDS_AFTER_SECONDS * this.#rateHz) return;
    this.#episode.end(now, 'The rhythm is unknown', { reason: 'unreadable', until_sample: this.#lastJudged });
    this.#suspectedSince = null;
    this.#lastJudged = null;
    this.#intervals.reset();
  }

  #judge(sample: number): void {
    this.#lastJudged = sample;
    const variation = this.#intervals.variation();
    const entropy = this.#intervals.entropy();
    const middle = this.#intervals.endSampleOf(WINDOW_INTERVALS >> 1);
    const evidence = this.#evidence(variation, entropy);
    if (this.#suspectedSince === null) {
      if (variation >= START_VARIATION && entropy >= START_ENTROPY) this.#suspectedSince = middle;
    } else if (variation < END_VARIATION || entropy < END_ENTROPY) {
      this.#suspectedSince = null;
      this.#episode.end(sample, 'The rhythm is no longer irregularly irregular', {
        ...evidence,
        until_sample: middle,
      });
    }
    if (this.#suspectedSince === null || this.#episode.active) return;
    if (sample - this.#suspectedSince < this.#settings.atrialFibrillationSeconds * this.#rateHz) return;
    this.#episode.report({
      startSample: this.#suspectedSince,
      sample,
      text: `Irregularly irregular rhythm, mean rate ${evidence.rate_bpm}/min`,
      evidence,
    });
  }

  #evidence(variation: number, entropy: number): Evidence & { rate_bpm: number } {
    return {
      rate_bpm: Math.round(60 / this.#intervals.meanSeconds),
      variation: Math.round(1000 * variation) / 1000,
      entropy: Math.round(100 * entropy) / 100,
      intervals: WINDOW_INTERVALS,
    };
  }
}
