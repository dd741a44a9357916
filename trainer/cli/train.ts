import { splitOf } from '../data/splits.ts';
import { networkNamed } from '../nets/catalog.ts';
import { grownWeights } from '../nets/grow.ts';
import type { Network } from '../nets/network.ts';
import { countParameters, type Weights } from '../nets/parameters.ts';
import { seedOf } from '../train/batches.ts';
import { formatDuration, ProgressLine } from '../train/progress-line.ts';
import type { Recipe } from '../train/recipe.ts';
import { train } from '../train/train.ts';
import { defaultFolder, parseOptions, RUN_OPTIONS, RUN_USAGE, selectRun } from './arguments.ts';
import { evaluateRun } from './evaluate.ts';
import { openData } from './open-data.ts';
import { trainedRun } from './trained-run.ts';

const USAGE = `npm run trainer -- train --net NAME --protocol NAME [options]
Trains, or goes on from the checkpoint in the run's folder; Ctrl-C stops with one. Ends with the test table.
${RUN_USAGE}`;

/** Interrupted, as a shell says it: 128 + SIGINT. */
const INTERRUPTED = 130;

export async function run(args: string[]): Promise<number> {
  const values = parseOptions(args, RUN_OPTIONS);
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const { recipe, folder } = selectRun(values);
  const network = networkNamed(recipe.network);
  const dataset = openData(recipe.dataset);
  const split = splitOf(dataset, recipe.protocol, recipe.seed, recipe.fold);
  console.log(
    `${network.name}: ${countParameters(network)} parameters; ${recipe.protocol}: ${split.train.length} beats train, ` +
      `${split.validation.length} validate, ${split.test.length} test; batch ${recipe.batch}, ${recipe.epochs} epochs, ` +
      `seed ${recipe.seed}; ${folder}`,
  );
  let stopped = false;
  const stop = (): void => {
    stopped = true;
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const line = new ProgressLine(process.stderr);
  const result = await train({
    recipe,
    network,
    dataset,
    split,
    folder,
    begin: grownFrom(recipe, network),
    shouldStop: () => stopped,
    onProgress: (state) => line.draw(state, Date.now()),
    onEpoch: (record) => {
      line.clear();
      const { validation } = record;
      const validated = validation === null ? '' : `, validation ${(100 * validation.accuracy).toFixed(2)} %`;
      console.log(
        `epoch ${record.epoch + 1}/${recipe.epochs}: loss ${record.loss.toFixed(4)}, ` +
          `accuracy ${(100 * record.accuracy).toFixed(2)} %${validated}`,
      );
    },
  });
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
  line.clear();
  if (!result.isComplete) {
    console.log(`stopped in epoch ${result.progress.epoch + 1}; the same command goes on from here`);
    return INTERRUPTED;
  }
  console.log(`trained in ${formatDuration(result.progress.cpuSeconds)} of processor time`);
  return evaluateRun({ recipe, folder, network, dataset, split });
}

/** The shallower network's weights in the deeper one; null when the recipe begins from nothing. */
function grownFrom(recipe: Recipe, network: Network): Weights | null {
  if (recipe.grownFrom === undefined) return null;
  const { state } = trainedRun(defaultFolder({ ...recipe, network: recipe.grownFrom }));
  return grownWeights(networkNamed(recipe.grownFrom), state, network, seedOf(recipe.seed, 0));
}
