/**
 * Between the network and the verdict: what is known of this patient. A pacemaker that somebody told of, and the beats
 * that somebody named.
 */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { type BeatLook, BeatLooks } from '@rhythmd/ecg/teaching/beat-look.ts';
import type { Lesson } from '@rhythmd/ecg/teaching/lesson.ts';
import type { Beat } from '@rhythmd/ecg/types.ts';
import { type ModelCard, modelIdentity } from './model-card.ts';
import { type Paced, PacedPrior } from './paced-prior.ts';

export class PatientJudge {
  readonly #looks: BeatLooks | null;
  readonly #pacing: PacedPrior;
  #look: BeatLook | null = null;

  /** @param card null: no model */
  constructor(card: ModelCard | null, paced: Paced) {
    this.#looks = card === null || !isTeachable(card) ? null : new BeatLooks(card.input.channels);
    this.#pacing = new PacedPrior(card?.labels.includes('Q') === true ? paced : 'auto');
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
    this.#pacing.apply(beat.rrBefore, probabilities);
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
