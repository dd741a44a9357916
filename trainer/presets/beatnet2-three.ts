/**
 * beatnet2 with a third branch for supraventricular beats, all of 14 channels instead of 16. On folds it names S better and V
 * as before, but of the tachycardias that are told it loses one of seventeen (docs/training.md): it does not ship.
 */
import { beatnet2 as build } from '../nets/beatnet2.ts';
import { beatnet2 } from './beatnet2.ts';
import type { Preset } from './preset.ts';

const NAME = 'beatnet2-three';

export const beatnet2Three: Preset = {
  ...beatnet2,
  name: NAME,
  title: 'beatnet2 with three branches',
  build: () => build({ branches: 3, channels: 14 }, NAME),
};
