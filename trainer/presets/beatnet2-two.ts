/**
 * What shipped as beatnet2 before it had a third branch for supraventricular beats: two of them, all branches of 16 channels
 * instead of 14. On folds it names S less well, and V as beatnet2 does (docs/training.md). Figures are compared with its own.
 */
import { beatnet2 as build } from '../nets/beatnet2.ts';
import { beatnet2 } from './beatnet2.ts';
import type { Preset } from './preset.ts';

const NAME = 'beatnet2-two';

export const beatnet2Two: Preset = {
  ...beatnet2,
  name: NAME,
  title: 'beatnet2 with two branches',
  build: () => build({ branches: 2, channels: 16 }, NAME),
};
