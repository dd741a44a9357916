/** A trained run compressed by one method: trained further, measured on the whole test set, written with its card. */
import { join } from 'node:path';
import type { CommandIo } from '@rhythmd/shell/io.ts';
import { splitOf } from '../data/splits.ts';
import { recordOpening } from '../evaluate/openings.ts';
import { type ResultRow, readResult, writeResult } from '../evaluate/results.ts';
import { withoutSharedPatient } from '../evaluate/shared-patient.ts';
import { formatMetrics, percent } from '../evaluate/table.ts';
import { archive } from '../export/archive.ts';
import { IMAGE_SHAPE, modelCard } from '../export/card.ts';
import { goldenPredictions } from '../export/golden-predictions.ts';
import { cardBytes } from '../export/write-model.ts';
import { makeFolder, writeAtomically } from '../files.ts';
import type { Weights } from '../nets/parameters.ts';
import { networkNamed } from '../presets/catalog.ts';
import { floatLogits } from '../train/float-logits.ts';
import type { Recipe } from '../train/recipe.ts';
import { defaultFolder, openData, trainedRun } from '../train/run-folder.ts';
import { runTraining } from '../train/run-training.ts';
import { compressedRow } from './compressed-row.ts';
import { compressionRecipe } from './compression-recipe.ts';
import { compressedModel } from './finish.ts';
import { archiveName, type CompressionMethod } from './method.ts';
import { rememberIn } from './remember.ts';
import { stageOf } from './stages.ts';
import { teacherOf } from './teacher-of.ts';
import { trainedBy } from './trained-by.ts';

const VERSION = '1.0.0';

export interface CompressOptions {
  /** The recipe of the trained network that is compressed. */
  readonly base: Recipe;
  readonly method: CompressionMethod;
  /** The size of a point of the curve; absent for every other method. */
  readonly weightBytes?: number | undefined;
  /** Absent: the folder of the compression's run. */
  readonly out?: string | undefined;
  readonly publish: boolean;
  /** For the ledger: figures of the test set are shown. */
  readonly why: string;
}

/**
 * @returns false: interrupted, and the checkpoint goes on from here
 * @throws RhythmdError E_CHECKPOINT_MISSING where what it starts from is not there, and as train() does
 */
export async function compressRun(
  { base, method, weightBytes, out, publish, why }: CompressOptions,
  io: Pick<CommandIo, 'out' | 'signal'>,
): Promise<boolean> {
  const network = networkNamed(base.network);
  const recipe = compressionRecipe(base, method, weightBytes);
  const folder = defaultFolder(recipe);
  const weightsOf = (of: Recipe): Weights => trainedRun(of).state;
  const compression = recipe.compression!;
  // Before anything is made: the run that this one starts from.
  weightsOf(compression.from === 'none' ? base : compressionRecipe(base, compression.from));
  const dataset = openData(recipe.dataset);
  const split = splitOf(dataset, recipe.protocol, recipe.seed, recipe.fold);
  const materials = { dataset, ...split, remember: rememberIn(defaultFolder(base)) };
  const from = await trainedBy(base, compression.from, materials, weightsOf);
  const stage = await stageOf(compression, from, materials);
  const teacher = await teacherOf(recipe, base, dataset, split.train);
  io.out(`${network.name}, ${recipe.protocol}: ${method} from ${compression.from}; ${folder}`);
  const { begin, constraint } = stage;
  const training = { recipe, network: stage.network, dataset, split, folder, begin, constraint, teacher };
  const result = await runTraining(training, io);
  if (!result.isComplete) return false;

  const metadata = { name: network.name, version: VERSION, protocol: recipe.protocol, method };
  const model = await compressedModel(stage, result.state, dataset, split.test, metadata);
  const trained = weightsOf(base);
  const float = await floatLogits(defaultFolder(base), network, trained, dataset, split.test);
  const labels = Array.from(split.test, (beat) => dataset.label[beat]!);
  const unshared =
    recipe.protocol === 'paper' ? null : withoutSharedPatient(dataset, split.test, model.logits);
  const row: ResultRow = {
    ...(await compressedRow({ recipe, network, stage, model, result, trained, float, labels })),
    ...(unshared === null ? {} : { withoutSharedPatient: unshared }),
  };
  recordOpening(recipe, why, row.accuracy);
  io.out(`${method}, ${recipe.protocol}:\n${formatMetrics(row.metrics)}`);
  io.out(
    `file ${row.fileBytes} bytes, archive ${row.archiveBytes}; predicts as before compression on ` +
      `${percent(row.agreementWithFloat ?? null)}; ${row.millisecondsPerBeat?.toFixed(2)} ms a beat`,
  );
  if (publish) io.out(`wrote ${writeResult(row)}`);

  const other = recipe.protocol === 'paper' ? 'patient-separated' : 'paper';
  const card = modelCard({
    version: VERSION,
    recipe,
    bytes: model.bytes,
    golden: await goldenPredictions(model.bytes, IMAGE_SHAPE),
    row,
    other: readResult(network.name, other, method),
  });
  const place = out ?? folder;
  const path = join(place, archiveName(network.name, method));
  makeFolder(place);
  writeAtomically(path, [archive({ 'model.onnx': model.bytes, 'card.json': cardBytes(card) })]);
  io.out(`wrote ${path}`);
  return true;
}
