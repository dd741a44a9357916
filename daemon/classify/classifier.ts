/** Who names beats. */
import type { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { ExecutorChoice } from '@rhythmd/protocol/events.ts';
import type { ModelCard } from './model-card.ts';

/** Values of one beat's image: 3 x 36 x 36. */
export const IMAGE_VALUES = 3 * 36 * 36;

/** What the golden inputs of its card said of a model on this machine. */
export interface GoldenCheck {
  /** Whether it answers them as where it was made; null: its card has none. */
  readonly exact: boolean | null;
  /** E_MODEL_INEXACT when it does not. */
  readonly problem: RhythmdError | null;
}

export interface Classifier {
  readonly card: ModelCard;
  /** Of a model that `openModel` opened. */
  readonly golden?: GoldenCheck;
  readonly executor: ExecutorChoice;
  /** Beats one call may hold. */
  readonly largestBatch: number;
  /**
   * @param images `count` images, one after the other; read before this returns a promise
   * @returns probabilities, `count` rows in the order of the card's labels
   * @throws E_MODEL_RUN when the network fails
   */
  classify(images: Float32Array, count: number): Promise<Float32Array>;
  close(): Promise<void>;
}
