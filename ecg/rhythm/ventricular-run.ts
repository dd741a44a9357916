/**
 * Couplet, ventricular run, ventricular tachycardia: consecutive ventricular beats. Two are a couplet, `runBeats`
 * or more a run, `tachycardiaRunBeats` or more at `ventricularTachycardiaBpm` a tachycardia. A beat that is not
 * ventricular, one without a verdict, lost signal or an RR beyond `runGapSeconds` ends the sequence.
 */
import type { AlertIssuer, Finding } from './issuer.ts';
import { RecurringEpisode } from './recurring-episode.ts';
import type { RhythmEvidence } from './rhythm-evidence.ts';
import { bpmOf, type RhythmBeat, type RhythmRule } from './rule.ts';
import type { RhythmSettings } from './settings.ts';
import type { VentricularTachycardia } from './ventricular-tachycardia.ts';

/** Beat ids kept as evidence: the first of the run, enough to find it. */
const IDS_KEPT = 16;
/** A run of beats stays one of medium priority where the rhythm network gave this much to noise, as a mean of so many seconds. */
const NOISE_SHARE = 0.25;
const NOISE_SECONDS = 4;
/**
 * And a slower one already with this much noise, unless the network gives half to ventricular rhythms: what a detector finds
 * in motion comes at 100 to 120/min. By three seeds of the network false alarms on cudb and vfdb went from 45 to 44, 48 to 44 and 53
 * to 51, and nothing was missed for it.
 */
const NOISE_BPM = 130;
const LITTLE_NOISE = 0.03;
const LEAST_SHARE = 0.5;
const SHARE_SECONDS = 2;

export class VentricularRunRule implements RhythmRule {
  readonly #couplet: RecurringEpisode;
  readonly #run: RecurringEpisode;
  readonly #tachycardia: VentricularTachycardia;
  readonly #settings: RhythmSettings;
  readonly #rateHz: number;
  readonly #evidence: RhythmEvidence;
  readonly #samples: number[] = [];
  readonly #alike: boolean[] = [];
  readonly #certain: boolean[] = [];
  readonly #ids: string[] = [];
  #length = 0;
  #firstSample = 0;
  #fast = false;

  constructor(
    issuer: AlertIssuer,
    settings: RhythmSettings,
    rateHz: number,
    tachycardia: VentricularTachycardia,
    evidence: RhythmEvidence,
  ) {
    this.#evidence = evidence;
    const hold = settings.eventHoldSeconds * rateHz;
    this.#couplet = new RecurringEpisode('couplet', issuer, hold);
    this.#run = new RecurringEpisode('ventricular_run', issuer, hold);
    this.#tachycardia = tachycardia;
    this.#settings = settings;
    this.#rateHz = rateHz;
  }

  beat(beat: RhythmBeat): void {
    // A beat without a verdict may be a further ventricular one: the sequence has no known end.
    if (beat.label === null) this.#clear();
    else if (beat.ventricular) this.#ventricular(beat);
    else this.#finish(beat.sample);
  }

  #ventricular(beat: RhythmBeat): void {
    const continues = beat.rr !== null && beat.rr <= this.#settings.runGapSeconds * this.#rateHz;
    if (!continues) this.#finish(beat.sample);
    this.#extend(beat);
    if (this.#length === this.#settings.runBeats) this.#run.occurred(this.#finding(beat.sample));
    const rate = this.#recentBpm();
    const fast = rate !== null && rate >= this.#settings.ventricularTachycardiaBpm;
    if (!this.#fast && fast && this.#isConvincing() && !this.#isInNoise(beat.sample)) {
      this.#fast = true;
      this.#tachycardia.occurred(this.#finding(beat.sample));
    }
  }

  interrupted(): void {
    // Whether two beats before the loss were a couplet or the beginning of a run will never be known.
    this.#clear();
  }

  tick(now: number): void {
    this.#couplet.tick(now);
    this.#run.tick(now);
  }

  #extend(beat: RhythmBeat): void {
    if (this.#length === 0) this.#firstSample = beat.sample;
    this.#length += 1;
    if (this.#ids.length < IDS_KEPT) this.#ids.push(beat.id);
    this.#samples.push(beat.sample);
    this.#alike.push(beat.alike);
    this.#certain.push(beat.certain);
    if (this.#samples.length > this.#settings.tachycardiaRunBeats) {
      this.#samples.shift();
      this.#alike.shift();
      this.#certain.shift();
    }
  }

  #finish(sample: number): void {
    if (this.#length === 2) this.#couplet.occurred(this.#finding(sample));
    if (this.#length > this.#settings.runBeats) this.#run.amended(this.#finding(sample));
    if (this.#fast) this.#tachycardia.amended(this.#finding(sample));
    this.#clear();
  }

  #clear(): void {
    this.#length = 0;
    this.#fast = false;
    this.#ids.length = 0;
    this.#samples.length = 0;
    this.#alike.length = 0;
    this.#certain.length = 0;
  }

  /** Rate over the last `tachycardiaRunBeats` beats of the sequence; null while it is shorter. */
  #recentBpm(): number | null {
    if (this.#samples.length < this.#settings.tachycardiaRunBeats) return null;
    const span = this.#samples.at(-1)! - this.#samples[0]!;
    return bpmOf(span / (this.#samples.length - 1), this.#rateHz);
  }

  /** Half of the beats repeat a shape and half are certain. Without it a fast run stays one, of medium priority. */
  #isConvincing(): boolean {
    return isHalfTrue(this.#alike) && isHalfTrue(this.#certain);
  }

  /** What a detector finds in motion and a classifier calls ventricular: the rhythm network knows noise when it sees it. */
  #isInNoise(sample: number): boolean {
    const evidence = this.#evidence;
    if (!evidence.isKnown(sample)) return false;
    const noise = evidence.mean('noise', NOISE_SECONDS);
    const isSlow = this.#recentBpm()! < NOISE_BPM;
    return (
      noise >= NOISE_SHARE || (isSlow && noise >= LITTLE_NOISE && ventricularShare(evidence) < LEAST_SHARE)
    );
  }

  #finding(sample: number): Finding {
    const span = this.#samples.at(-1)! - this.#samples[0]!;
    const rate = span > 0 ? bpmOf(span / (this.#samples.length - 1), this.#rateHz) : null;
    return {
      startSample: this.#firstSample,
      sample,
      text: `${this.#length} ventricular beats in a row${rate === null ? '' : ` at ${rate.toFixed(0)}/min`}`,
      evidence: {
        beats: this.#length,
        rate_bpm: rate,
        until_sample: this.#samples.at(-1)!,
        beat_ids: [...this.#ids],
      },
    };
  }
}

function ventricularShare(evidence: RhythmEvidence): number {
  return evidence.mean('tachycardia', SHARE_SECONDS) + evidence.mean('fibrillation', SHARE_SECONDS);
}

function isHalfTrue(flags: readonly boolean[]): boolean {
  return 2 * flags.filter(Boolean).length >= flags.length;
}
