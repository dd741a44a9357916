/** EfficientNetB0: trained as MobileNetV2 is; it was given the second cycle before its 98.58 % of the test beats was seen. */
import { efficientnetB0 } from '../nets/efficientnet.ts';
import { smallTraining } from './photographs.ts';
import type { Preset } from './preset.ts';

export const efficientnetb0: Preset = {
  name: 'efficientnetb0',
  title: 'EfficientNetB0',
  build: efficientnetB0,
  isSmall: true,
  training: smallTraining,
  // The sparsity is taken for the archive size alone, which was measured, without training, at a few sparsities.
  compression: { sparsity: 0.955, weightBytes: 450_000 },
  paper: {
    figures: {
      none: [0.959, 0.96, 0.957, 52],
      quantized: [0.918, 0.919, 0.916, 4.67],
      pruned: [0.914, 0.915, 0.916, 3.79],
      'quantized+pruned': [0.903, 0.905, 0.905, 1.21],
    },
    mostMegabytes: 0.8,
    tenthMegabytes: 0.12,
    leastSpeedRatio: 2,
  },
};
