/** A training as people see it: a live line, a line an epoch; an interruption stops it with a checkpoint. */
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { formatDuration, ProgressLine } from './progress-line.ts';
import { type TrainOptions, type TrainResult, train } from './train.ts';

export async function runTraining(
  options: Omit<TrainOptions, 'shouldStop' | 'onProgress' | 'onEpoch'>,
  { out, signal }: Pick<CommandIo, 'out' | 'signal'>,
): Promise<TrainResult> {
  const line = new ProgressLine(process.stderr);
  const result = await train({
    ...options,
    shouldStop: () => signal.aborted,
    onProgress: (state) => line.draw(state, Date.now()),
    onEpoch: (record) => {
      line.clear();
      const { validation } = record;
      const validated = validation === null ? '' : `, validation ${(100 * validation.accuracy).toFixed(2)} %`;
      out(
        `epoch ${record.epoch + 1}/${options.recipe.epochs}: loss ${record.loss.toFixed(4)}, ` +
          `accuracy ${(100 * record.accuracy).toFixed(2)} %${validated}`,
      );
    },
  });
  line.clear();
  if (result.isComplete) out(`trained in ${formatDuration(result.progress.cpuSeconds)} of processor time`);
  else out(`stopped in epoch ${result.progress.epoch + 1}; the same command goes on from here`);
  return result;
}
