/** DenseNet201: trained as ResNet50 is. */
import { densenet201 as build } from '../nets/densenet.ts';
import { LARGE, largeTraining } from './photographs.ts';
import type { Preset } from './preset.ts';

export const densenet201: Preset = {
  name: 'densenet201',
  title: 'DenseNet201',
  build: build,
  isSmall: false,
  training: largeTraining,
  // The sparsity is taken for the archive size alone, which was measured, without training, at a few sparsities.
  compression: { sparsity: 0.875, weightBytes: 2_000_000, large: LARGE },
  paper: {
    figures: {
      none: [0.944, 0.951, 0.939, 226],
      quantized: [0.906, 0.91, 0.903, 18],
      pruned: [0.91, 0.912, 0.906, 15],
      'quantized+pruned': [0.901, 0.903, 0.899, 4.2],
    },
    mostMegabytes: 3,
    tenthMegabytes: 0.42,
    leastSpeedRatio: 1.2,
  },
};
