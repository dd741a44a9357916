/** How the rhythm network is trained: typed constants, each with its reason (docs/training.md has the figures). */
import { RHYTHM_RATE_HZ } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';

export interface RhythmRecipe {
  readonly network: 'rhythmnet';
  /** Raised when what is drawn changes, so that nothing goes on from a checkpoint of other examples. */
  readonly examples: number;
  readonly steps: number;
  readonly batch: number;
  /** Reached after the warm-up; falls to zero along half a cosine. */
  readonly learningRate: number;
  readonly warmupSteps: number;
  readonly weightDecay: number;
  readonly seed: number;
  /** Records of this fold are held out; null: everything trains. */
  readonly fold: number | null;
}

/** Patient-wise: each database dealt out so that every fold has its share of what is rare. */
export const RHYTHM_FOLDS = 5;

/** A window is called what its last two seconds are: shorter, and a beat's pause is a class; longer, and it is late. */
export const TAIL_SAMPLES = 2 * RHYTHM_RATE_HZ;

/** What is drawn: organised, tachycardia, fibrillation, asystole, noise. Rare ones far more often than they are. */
export const CLASS_SHARES: readonly number[] = [0.4, 0.2, 0.18, 0.1, 0.12];

/** Of the windows of a class, so many are made up (in the order of the classes). Noise has no annotated records. */
export const MADE_UP = {
  slow: 0.1,
  fast: 0.08,
  ectopic: 0.1,
  ventricular: 0.35,
  flutter: 0.08,
  standstill: 0.6,
  /** The others of the noise are records that are drowned in it. */
  noise: 0.65,
} as const;

/**
 * Of the recorded organised windows, so many have a ventricular beat in their last two seconds: single ones and pairs
 * are what is most often taken for tachycardia, and most windows have none.
 */
export const ECTOPIC_SHARE = 0.25;

/** Databases of a class weigh so much, less where a few records are all there are. */
export const DATABASE_WEIGHTS = { vfdb: 1.2, cudb: 1.2, mitdb: 1, svdb: 0.8 } as const;

export function rhythmRecipe(overrides: Partial<RhythmRecipe> = {}): RhythmRecipe {
  return {
    network: 'rhythmnet',
    examples: 2,
    steps: 1200,
    batch: 96,
    learningRate: 3e-3,
    warmupSteps: 100,
    weightDecay: 0.02,
    seed: 1,
    fold: null,
    ...overrides,
  };
}
