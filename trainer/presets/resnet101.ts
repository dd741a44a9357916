/** ResNet101: begins where ResNet50 ended, with 17 blocks that do nothing yet. */
import { resnet101 as build } from '../nets/resnet.ts';
import { LARGE, largeTraining } from './photographs.ts';
import type { Preset } from './preset.ts';

export const resnet101: Preset = {
  name: 'resnet101',
  title: 'ResNet101',
  build,
  isSmall: false,
  // An epoch as of ResNet50's second cycle, and three more cycles, since it had 98.20, 98.54 and 98.49 % of the
  // validation beats after those before where ResNet50 has 98.62 %.
  training: (protocol) => ({
    ...largeTraining(protocol),
    epochs: 5,
    learningRate: 1e-3,
    laterCycles: [
      { epochs: 1, learningRate: 5e-4 },
      { epochs: 2, learningRate: 1e-3 },
      { epochs: 1, learningRate: 5e-4 },
    ],
    grownFrom: 'resnet50',
  }),
  // The sparsity is taken for the archive size alone, which was measured, without training, at a few sparsities. Its
  // steps cost twice ResNet50's.
  compression: {
    sparsity: 0.89,
    weightBytes: 5_000_000,
    large: { ...LARGE, longSteps: 300, shortSteps: 40 },
  },
  paper: {
    figures: {
      none: [0.956, 0.959, 0.951, 497],
      quantized: [0.904, 0.907, 0.901, 44],
      pruned: [0.903, 0.907, 0.902, 37],
      'quantized+pruned': [0.89, 0.891, 0.889, 9.2],
    },
    mostMegabytes: 6,
    tenthMegabytes: 0.92,
    leastSpeedRatio: 1.2,
  },
};
