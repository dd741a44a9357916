/** ResNet50: the first of the large ones that is trained; ResNet101 grows from it. */
import { resnet50 as build } from '../nets/resnet.ts';
import { LARGE, largeTraining } from './photographs.ts';
import type { Preset } from './preset.ts';

export const resnet50: Preset = {
  name: 'resnet50',
  title: 'ResNet50',
  build: build,
  isSmall: false,
  training: largeTraining,
  // The sparsity is taken for the archive size alone, which was measured, without training, at a few sparsities.
  compression: { sparsity: 0.85, weightBytes: 3_000_000, large: LARGE },
  paper: {
    figures: {
      none: [0.958, 0.961, 0.957, 274],
      quantized: [0.905, 0.908, 0.903, 33],
      pruned: [0.908, 0.911, 0.905, 25],
      'quantized+pruned': [0.895, 0.897, 0.89, 6.5],
    },
    mostMegabytes: 4,
    tenthMegabytes: 0.65,
    leastSpeedRatio: 1.2,
  },
};
