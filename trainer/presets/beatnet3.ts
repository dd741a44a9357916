/**
 * beatnet2's training, with rhythms that few patients have, and intervals more and less unlike each other. Not better than
 * beatnet2 on two folds (docs/training.md): it does not ship.
 */
import { beatnet3 as build } from '../nets/beatnet2.ts';
import { BEATNET2_AUGMENTATION, BEATNET2_SAMPLING, beatnet2 } from './beatnet2.ts';
import type { Preset } from './preset.ts';

export const beatnet3: Preset = {
  ...beatnet2,
  name: 'beatnet3',
  title: 'beatnet3',
  build,
  training: (protocol) => ({
    ...beatnet2.training(protocol),
    // Without them early beats between pauses are taken for atrial fibrillation, in which nothing is supraventricular.
    sampling: { ...BEATNET2_SAMPLING, madeUp: { runs: 0.15, drops: 0.05 } },
    leadsAugmentation: { ...BEATNET2_AUGMENTATION, contrast: 0.2 },
  }),
};
