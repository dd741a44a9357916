/** beatnet, our own network for one lead. */
import type { Augmentation } from '../data/augment.ts';
import { beatnet as build } from '../nets/beatnet.ts';
import { LIGHT_AUGMENTATION } from './photographs.ts';
import type { Preset } from './preset.ts';

/** What another patient's heart and electrodes and our own detector change (its peaks lie within 8 samples). */
const LIVE_AUGMENTATION: Augmentation = {
  gainDeviation: 0.2,
  shiftSamples: 6,
  wander: 0.5,
  noise: 0.05,
  flip: 0.1,
  stretch: 0.15,
  turn: 0.5,
  early: 0.05,
  untimed: 0.4,
};

export const beatnet: Preset = {
  name: 'beatnet',
  title: 'beatnet',
  build,
  isSmall: true,
  training: (protocol) => ({
    warmupSteps: 200,
    labelSmoothing: 0,
    dataset: { normalisation: 'running', channels: 'beat-typical-rhythm', leads: 'both' },
    batch: 64,
    // Across patients every epoch after the second fits DS1's patients better and others worse (folds).
    epochs: protocol === 'paper' ? 5 : 2,
    learningRate: 3e-3,
    weightDecay: 0.02,
    classBalance: 0,
    augmentation: protocol === 'paper' ? LIGHT_AUGMENTATION : LIVE_AUGMENTATION,
  }),
  compression: { sparsity: 0.5, weightBytes: 16_000 },
};
