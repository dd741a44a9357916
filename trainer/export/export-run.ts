/** A trained run as an ONNX model with its card, verified on the whole test set against what was trained. */
import { splitOf } from '../data/splits.ts';
import { commandsOf } from '../evaluate/commands.ts';
import { measure } from '../evaluate/metrics.ts';
import { recordOpening } from '../evaluate/openings.ts';
import { type ResultRow, readResult, resultPath, writeResult } from '../evaluate/results.ts';
import { rowOf } from '../evaluate/row-of.ts';
import { withoutSharedPatient } from '../evaluate/shared-patient.ts';
import { formatMetrics } from '../evaluate/table.ts';
import { millisecondsPerBeat } from '../evaluate/time-per-beat.ts';
import type { Network } from '../nets/network.ts';
import { networkNamed } from '../presets/catalog.ts';
import { floatLogits } from '../train/float-logits.ts';
import type { Recipe } from '../train/recipe.ts';
import { openData, trainedRun } from '../train/run-folder.ts';
import { IMAGE_SHAPE, modelCard } from './card.ts';
import { exportFloat } from './float.ts';
import { foldNetwork } from './folded.ts';
import { goldenPredictions } from './golden-predictions.ts';
import { WEIGHT_BYTES } from './quantization.ts';
import { agreementOf, calibrationPlan, quantize } from './quantize.ts';
import { writeModel } from './write-model.ts';

const VERSION = '1.0.0';

export interface ExportOptions {
  readonly recipe: Recipe;
  /** Where the run's checkpoint lies. */
  readonly folder: string;
  readonly out: string;
  /** 8-bit weights and activations instead of floats. */
  readonly int8: boolean;
  /** Also write the figures to trainer/results/. */
  readonly publish: boolean;
  /** For the ledger: figures of the test set are shown. */
  readonly why: string;
}

interface Exported {
  readonly bytes: Uint8Array;
  readonly row: ResultRow;
}

/** @throws RhythmdError E_CHECKPOINT_MISSING, E_TRAINING_UNFINISHED, E_EXPORT_...; E_DISK_FULL */
export async function exportRun(
  { recipe, folder, out, int8, publish, why }: ExportOptions,
  say: (line: string) => void,
): Promise<void> {
  const network = networkNamed(recipe.network);
  const { state, progress } = trainedRun(recipe, folder);
  const dataset = openData(recipe.dataset);
  const split = splitOf(dataset, recipe.protocol, recipe.seed, recipe.fold);
  const labels = Array.from(split.test, (beat) => dataset.label[beat]!);
  const folded = foldNetwork(network, state);
  const metadata = { name: network.name, version: VERSION, protocol: recipe.protocol };

  const expected = await floatLogits(folder, network, state, dataset, split.test);
  const model = await exportFloat(folded, expected, dataset, split.test, metadata);
  const difference = model.largestDifference.toExponential(1);
  say(`float model: ${model.bytes.length} bytes, at most ${difference} from the training graph`);
  const common = {
    recipe,
    network,
    progress,
    originalBytes: model.bytes.length,
    command: commandsOf(recipe, int8 ? ['--int8', '--publish'] : ['--publish']),
  };
  const float: Exported = {
    bytes: model.bytes,
    row: {
      ...rowOf({
        ...common,
        method: 'none',
        bytes: model.bytes,
        metrics: measure(labels, model.logits),
        details: { recipe },
      }),
      ...unshared(model.logits),
      learning: progress.epochs,
      millisecondsPerBeat: await millisecondsPerBeat(model.bytes),
    },
  };
  const integer = int8 ? await inIntegers() : null;
  const exported = integer ?? float;
  for (const { row } of [float, ...(integer === null ? [] : [integer])]) {
    recordOpening(recipe, `${why}: ${row.method}`, row.accuracy);
    say(`${row.method}:\n${formatMetrics(row.metrics)}`);
    if (publish) say(`wrote ${writeResult(row)}`);
  }
  writeModel(out, exported.bytes, await cardOf(recipe, network, exported, float.row, say));
  say(`wrote ${out}/model.onnx and card.json`);

  function unshared(logits: Float32Array): Pick<ResultRow, 'withoutSharedPatient'> {
    const found = withoutSharedPatient(dataset, split.test, logits);
    return recipe.protocol === 'paper' || found === null ? {} : { withoutSharedPatient: found };
  }

  async function inIntegers(): Promise<Exported> {
    const plan = await calibrationPlan(folded, dataset, split.train);
    const { bytes, logits, agreement, agreementWithExecutor, operators } = await quantize(
      folded,
      plan,
      dataset,
      split.test,
      metadata,
    );
    const share = (100 * agreement).toFixed(3);
    say(`8-bit model: ${bytes.length} bytes; agrees with the fake-quantized graph on ${share} %`);
    const row: ResultRow = {
      ...rowOf({
        ...common,
        method: 'post-training-quantized',
        bytes,
        metrics: measure(labels, logits),
        details: { recipe, operators, weights: WEIGHT_BYTES },
      }),
      ...unshared(logits),
      agreementWithFake: agreement,
      ...(agreementWithExecutor === null ? {} : { agreementWithExecutor }),
      agreementWithFloat: agreementOf(logits, model.logits, logits.length / split.test.length),
      millisecondsPerBeat: await millisecondsPerBeat(bytes),
    };
    return { bytes, row };
  }
}

/** The card also tells the figures of the other protocol, where they are published. */
async function cardOf(
  recipe: Recipe,
  network: Network,
  { bytes, row }: Exported,
  float: ResultRow,
  say: (line: string) => void,
): Promise<unknown> {
  const other = recipe.protocol === 'paper' ? 'patient-separated' : 'paper';
  const otherRow = readResult(network.name, other, row.method);
  if (otherRow === null) {
    say(`the card lacks the ${other} figures: ${resultPath(network.name, other, row.method)}`);
  }
  const golden = await goldenPredictions(bytes, IMAGE_SHAPE);
  return modelCard({ version: VERSION, recipe, bytes, golden, row, float, other: otherRow });
}
