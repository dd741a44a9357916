/**
 * beatnet2 that learns from noisy copies of its records too. In electrode motion it calls half as many beats ventricular that
 * are none; without noise it names them a little worse, and with two seeds of three it misses a tachycardia, so it does not
 * ship (docs/training.md).
 */
import { beatnet2 as build } from '../nets/beatnet2.ts';
import { BEATNET2_LESSONS, beatnet2 } from './beatnet2.ts';
import type { Preset } from './preset.ts';

const NAME = 'beatnet2-noisy';
/** Of six beats one comes from a noisy copy. */
const COPY_WEIGHT = 0.2;
const { dataset, sampling } = BEATNET2_LESSONS;

export const beatnet2Noisy: Preset = {
  ...beatnet2,
  name: NAME,
  title: 'beatnet2 with noisy copies',
  build: () => build(undefined, NAME),
  training: (protocol) => ({
    ...beatnet2.training(protocol),
    dataset: { ...dataset, noisyCopies: true },
    sampling: { ...sampling, noisyCopies: COPY_WEIGHT },
  }),
};
