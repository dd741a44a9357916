/**
 * How beatnet2 is trained. Chosen on five patient-wise folds of DS1, the paced records and svdb's records here
 * (docs/training.md): DS2 was not looked at.
 */

import { NO_AUGMENTATION } from '../data/augment.ts';
import type { BalancedSampling } from '../data/balanced-sampling.ts';
import type { DatasetRecipe } from '../data/dataset.ts';
import type { LeadsAugmentation } from '../data/leads-context.ts';
import { beatnet2 as build } from '../nets/beatnet2.ts';
import { type Preset, USUAL_COMPRESSION } from './preset.ts';

const BEATNET2_DATA: DatasetRecipe = {
  normalisation: 'running',
  channels: 'leads-context',
  leads: 'upper',
  labels: 'ec57',
  databases: ['mitdb', 'svdb'],
};

export const BEATNET2_SAMPLING: BalancedSampling = {
  shares: { N: 0.4, S: 0.26, V: 0.26, F: 0.05, Q: 0.03 },
  // Atrial fibrillation is what false supraventricular beats come from.
  irregular: 0.4,
  block: 0.25,
  recordPower: 0.5,
  epochExamples: 64_000,
};

export const BEATNET2_AUGMENTATION: LeadsAugmentation = {
  swap: 0.3,
  oneLead: 0.25,
  flip: 0.1,
  gainDeviation: 0.2,
  // A constant shift of 25 ms cost .11 of V +P in networks trained without.
  shiftPoints: 2.5,
  wander: 0.3,
  noise: 0.05,
  contrast: 0,
};

/**
 * Added to the logits once trained: among the examples a quarter is supraventricular and a quarter ventricular, among the
 * beats of patients a twentieth, and fusion beats are one in three hundred.
 */
const BEATNET2_OFFSETS = { S: -1.5, V: -1.5, F: -2.5, Q: -1.5 } as const;

const BEATNET2 = {
  dataset: BEATNET2_DATA,
  batch: 256,
  epochs: 5,
  learningRate: 5e-3,
  weightDecay: 0.02,
  sampling: BEATNET2_SAMPLING,
  leadsAugmentation: BEATNET2_AUGMENTATION,
  offsets: BEATNET2_OFFSETS,
} as const;

export const beatnet2: Preset = {
  name: 'beatnet2',
  title: 'beatnet2',
  build,
  isSmall: false,
  training: () => ({
    warmupSteps: 200,
    labelSmoothing: 0,
    classBalance: 0,
    augmentation: NO_AUGMENTATION,
    ...BEATNET2,
  }),
  compression: USUAL_COMPRESSION,
};
