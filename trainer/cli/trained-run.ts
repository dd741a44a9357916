import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { type Checkpoint, readCheckpoint } from '../train/checkpoint.ts';
import { withOffsets } from '../train/offsets.ts';

/** @throws RhythmdError E_CHECKPOINT_MISSING, E_TRAINING_UNFINISHED */
export function trainedRun(folder: string, fix = 'Train first'): Checkpoint {
  const checkpoint = readCheckpoint(join(folder, 'checkpoint.bin'));
  if (checkpoint === null) {
    throw new RhythmdError('E_CHECKPOINT_MISSING', `${folder} holds no checkpoint`, fix);
  }
  const { progress, recipe } = checkpoint;
  if (progress.epoch < recipe.epochs) {
    throw new RhythmdError(
      'E_TRAINING_UNFINISHED',
      `${folder} is in epoch ${progress.epoch + 1} of ${recipe.epochs}`,
      'Run the same train command again: it goes on from there',
    );
  }
  return { ...checkpoint, state: withOffsets(checkpoint) };
}
