/** A training as the command line shows it: a live line, a line an epoch, Ctrl-C stops with a checkpoint. */
import { formatDuration, ProgressLine } from '../train/progress-line.ts';
import { type TrainOptions, type TrainResult, train } from '../train/train.ts';

/** Interrupted, as a shell says it: 128 + SIGINT. */
export const INTERRUPTED = 130;

export async function runTraining(
  options: Omit<TrainOptions, 'shouldStop' | 'onProgress' | 'onEpoch'>,
): Promise<TrainResult> {
  let stopped = false;
  const stop = (): void => {
    stopped = true;
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const line = new ProgressLine(process.stderr);
  const result = await train({
    ...options,
    shouldStop: () => stopped,
    onProgress: (state) => line.draw(state, Date.now()),
    onEpoch: (record) => {
      line.clear();
      const { validation } = record;
      const validated = validation === null ? '' : `, validation ${(100 * validation.accuracy).toFixed(2)} %`;
      console.log(
        `epoch ${record.epoch + 1}/${options.recipe.epochs}: loss ${record.loss.toFixed(4)}, ` +
          `accuracy ${(100 * record.accuracy).toFixed(2)} %${validated}`,
      );
    },
  });
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
  line.clear();
  if (result.isComplete) {
    console.log(`trained in ${formatDuration(result.progress.cpuSeconds)} of processor time`);
  } else console.log(`stopped in epoch ${result.progress.epoch + 1}; the same command goes on from here`);
  return result;
}
