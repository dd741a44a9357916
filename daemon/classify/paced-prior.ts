/**
 * What is known of beats once a person has said that the patient has a pacemaker: a beat that comes on time, and no faster
 * than pacemakers follow, is likely to be the pacemaker's. An early one is not.
 */
import { RecentIntervals } from '@rhythmd/ecg/beat/recent-intervals.ts';
import { scaleProbability } from '@rhythmd/ecg/teaching/beat-look.ts';
import { BEAT_LABELS, PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import type { PACED } from '@rhythmd/protocol/events/patient.ts';

export type Paced = (typeof PACED)[number];

/**
 * ln of odds by which Q gains. Networks that had not seen the paced records of mitdb call up to nine of ten paced beats N, and
 * false ventricular runs are paced beats at 64 to 76/min; docs/teaching.md has what this does to them.
 */
const ON_TIME_ODDS = 6;
/** ln of RR over the usual one: 10 % early is early. */
const EARLY = -0.1;
/** 130/min: few pacemakers follow the atria faster, and a tachycardia must never pass for one. */
const SHORTEST_RR = (60 / 130) * PIPELINE_RATE_HZ;
const PACED_BEAT = BEAT_LABELS.indexOf('Q');

export class PacedPrior {
  readonly #paced: Paced;
  readonly #intervals = new RecentIntervals();

  constructor(paced: Paced) {
    this.#paced = paced;
  }

  /** Once a beat, in order, in place. @param rrBefore in samples; null: not known. @param probabilities in the order of BEAT_LABELS */
  apply(rrBefore: number | null, probabilities: Float32Array): void {
    if (this.#paced === 'auto') return;
    if (this.#paced === 'no') {
      scaleProbability(probabilities, PACED_BEAT, Number.NEGATIVE_INFINITY);
      return;
    }
    if (rrBefore === null) return;
    const isOnTime = rrBefore >= SHORTEST_RR && Math.log(rrBefore) - this.#intervals.lnUsual > EARLY;
    this.#intervals.follow(rrBefore);
    if (isOnTime) scaleProbability(probabilities, PACED_BEAT, ON_TIME_ODDS);
  }
}
