/**
 * Between the network and the verdict: what is known of this patient. A pacemaker that somebody told of, and the beats
 * that somebody named.
 */

import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { type BeatLook, BeatLooks, scaleProbability } from '@rhythmd/ecg/teaching/beat-look.ts';
import type { Lesson } from '@rhythmd/ecg/teaching/lesson.ts';
import { BEAT_LABELS, type Beat } from '@rhythmd/ecg/types.ts';
import type { PACED } from '@rhythmd/protocol/events/patient.ts';
import { type ModelCard, modelIdentity } from './model-card.ts';

export type Paced = (typeof PACED)[number];

/**
 * ln of odds by which Q gains where a pacemaker is known. Networks that had not seen the paced records 102, 104, 107 and 217
 * call 47 to 50 % of the paced beats of the first two N; docs/teaching.md has the curve it was chosen from.
 */
const PACED_ODDS = 3;
const PACED_BEAT = BEAT_LABELS.indexOf('Q');

export class PatientJudge {
  readonly #looks: BeatLooks | null;
  readonly #pacedOdds: number;
  #look: BeatLook | null = null;

  /** @param card null: no model */
  constructor(card: ModelCard | null, paced: Paced) {
    this.#looks = card === null || !isTeachable(card) ? null : new BeatLooks(card.input.channels);
    this.#pacedOdds =
      paced === 'auto' || card?.labels.includes('Q') !== true
        ? 0
        : paced === 'yes'
          ? PACED_ODDS
          : Number.NEGATIVE_INFINITY;
  }

  /** The look of the beat judged last, without lessons, written over by the next; null: this model cannot be taught. */
  get look(): BeatLook | null {
    return this.#look;
  }

  /** In place. @param probabilities in the order of BEAT_LABELS; @param image as the network saw it */
  judge(
    beat: Pick<Beat, 'rrBefore' | 'rrAfter'>,
    image: Float32Array,
    probabilities: Float32Array,
    lesson: Lesson | null,
  ): void {
    if (this.#pacedOdds !== 0) scaleProbability(probabilities, PACED_BEAT, this.#pacedOdds);
    this.#look = this.#looks?.of(beat, image, probabilities) ?? null;
    if (this.#look !== null) lesson?.amend(this.#look, probabilities);
  }
}

/** Lessons are of EC57's classes: a class `other` holds beats of many kinds. */
function isTeachable({ labels }: Pick<ModelCard, 'labels'>): boolean {
  return labels.includes('N') && labels.includes('S') && labels.includes('V');
}

/** @throws RhythmdError E_TEACH_MODEL */
export function refuseUnteachable(card: ModelCard | null): void {
  if (card !== null && isTeachable(card)) return;
  const what =
    card === null
      ? 'no model names the beats'
      : `${modelIdentity(card)} names ${card.labels.join(' ')}, and lessons are of N, S and V`;
  throw new RhythmdError(
    'E_TEACH_MODEL',
    what,
    'Set model.path to a model of the classes of EC57, such as models/beatnet2.',
  );
}
