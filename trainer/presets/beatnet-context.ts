/**
 * beatnet-context: the paper's protocol by what beatnet2 sees. Chosen on the validation beats of the first split, seed 1
 * (docs/training.md); of new patients it is not asked: there shape and the beats around must be kept apart.
 */
import { NO_AUGMENTATION } from '../data/augment.ts';
import { beatnetContext as build } from '../nets/beatnet-context.ts';
import { type Preset, USUAL_COMPRESSION } from './preset.ts';

export const beatnetContext: Preset = {
  name: 'beatnet-context',
  title: 'beatnet-context',
  build,
  isSmall: false,
  training: () => ({
    dataset: { normalisation: 'running', channels: 'leads-context', leads: 'upper' },
    batch: 128,
    epochs: 10,
    learningRate: 4e-3,
    warmupSteps: 300,
    weightDecay: 0.02,
    labelSmoothing: 0,
    classBalance: 0,
    augmentation: NO_AUGMENTATION,
    // Patients are known here: what another electrode or another patient changes is not asked for.
    leadsAugmentation: {
      swap: 0,
      oneLead: 0,
      flip: 0,
      gainDeviation: 0.05,
      shiftPoints: 1,
      wander: 0.1,
      noise: 0.02,
      contrast: 0,
    },
  }),
  compression: USUAL_COMPRESSION,
};
