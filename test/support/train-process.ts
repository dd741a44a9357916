/** A training to interrupt: `train-process.ts FOLDER`; says at its end what the weights are. */
import { createHash } from 'node:crypto';
import { EXIT_DONE, EXIT_INTERRUPTED } from '@rhythmd/shell/exit-status.ts';
import { runProgram } from '@rhythmd/shell/run-program.ts';
import { NO_AUGMENTATION } from '@rhythmd/trainer/data/augment.ts';
import { recipeFor } from '@rhythmd/trainer/presets/catalog.ts';
import { runTraining } from '@rhythmd/trainer/train/run-training.ts';
import { everyLayer } from './every-layer.ts';
import { allBeats, smallDataset } from './small-dataset.ts';

const dataset = smallDataset(300);
const beats = allBeats(dataset);
await runProgram(async () => async ([folder = ''], io) => {
  const { isComplete, state } = await runTraining(
    {
      recipe: recipeFor('every-layer', 'paper', {
        batch: 6,
        epochs: 5,
        warmupSteps: 5,
        augmentation: { ...NO_AUGMENTATION, shiftSamples: 3, noise: 0.1 },
      }),
      network: everyLayer(),
      dataset,
      split: {
        protocol: 'paper',
        train: beats.subarray(0, 240),
        validation: beats.subarray(240),
        test: beats,
      },
      folder,
      begin: null,
      constraint: null,
      teacher: null,
    },
    io,
  );
  const hash = createHash('sha256');
  for (const [name, values] of state) hash.update(name).update(Buffer.from(values.buffer));
  io.out(`weights ${hash.digest('hex')}`);
  return isComplete ? EXIT_DONE : EXIT_INTERRUPTED;
});
