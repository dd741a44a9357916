/** MobileNetV2: the smallest of the paper, and the one whose curve of accuracy against size is drawn. */
import { mobilenetV2 } from '../nets/mobilenet-v2.ts';
import { smallTraining } from './photographs.ts';
import type { Preset } from './preset.ts';

export const mobilenetv2: Preset = {
  name: 'mobilenetv2',
  title: 'MobileNetV2',
  build: () => mobilenetV2(),
  isSmall: true,
  training: smallTraining,
  // The sparsity is taken for the archive size alone, which was measured, without training, at a few sparsities.
  compression: { sparsity: 0.93, weightBytes: 250_000 },
  paper: {
    figures: {
      none: [0.934, 0.936, 0.931, 30],
      quantized: [0.895, 0.897, 0.894, 2.59],
      pruned: [0.9, 0.899, 0.897, 1.88],
      'quantized+pruned': [0.895, 0.892, 0.891, 0.98],
    },
    mostMegabytes: 0.5,
    tenthMegabytes: 0.06,
    leastSpeedRatio: 2,
  },
};
