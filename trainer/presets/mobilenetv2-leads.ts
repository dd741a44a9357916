/**
 * MobileNetV2 with beatnet2's eyes: its image (two leads, typical beats, the beats around), its lessons, its five classes. It says
 * whether the paper's networks fail at new patients by their picture or by what they are. Nothing of it was chosen: batch,
 * learning rate and weight decay are those of the paper's small networks, the examples and offsets beatnet2's.
 */
import { NO_AUGMENTATION } from '../data/augment.ts';
import { mobilenetV2 } from '../nets/mobilenet-v2.ts';
import { BEATNET2_LESSONS } from './beatnet2.ts';
import { type Preset, USUAL_COMPRESSION } from './preset.ts';

const CLASSES = BEATNET2_LESSONS.sampling.shares;

export const mobilenetv2Leads: Preset = {
  name: 'mobilenetv2-leads',
  title: "MobileNetV2 on beatnet2's image",
  build: () => mobilenetV2(Object.keys(CLASSES).length, 'mobilenetv2-leads'),
  isSmall: false,
  training: () => ({
    warmupSteps: 200,
    labelSmoothing: 0,
    classBalance: 0,
    augmentation: NO_AUGMENTATION,
    ...BEATNET2_LESSONS,
    batch: 64,
    epochs: 3,
    learningRate: 2e-3,
  }),
  compression: USUAL_COMPRESSION,
};
