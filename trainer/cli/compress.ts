import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { compressionRecipe } from '../compress/compression-recipe.ts';
import { compressedModel } from '../compress/finish.ts';
import { COMPRESSIONS, type CompressionMethod } from '../compress/method.ts';
import { rememberIn } from '../compress/remember.ts';
import { stageOf } from '../compress/stages.ts';
import { trainedBy } from '../compress/trained-by.ts';
import { splitOf } from '../data/splits.ts';
import { readResult, writeResult } from '../evaluate/results.ts';
import { formatMetrics, percent } from '../evaluate/table.ts';
import { archive } from '../export/archive.ts';
import { IMAGE_SHAPE, modelCard } from '../export/card.ts';
import { goldenPredictions } from '../export/golden-predictions.ts';
import { writeAtomically } from '../files.ts';
import { networkNamed } from '../nets/catalog.ts';
import type { Weights } from '../nets/parameters.ts';
import { todaysMethod } from '../old-names.ts';
import type { Recipe } from '../train/recipe.ts';
import {
  archiveName,
  defaultFolder,
  numberOf,
  parseOptions,
  RUN_OPTIONS,
  RUN_USAGE,
  selectRun,
  stringOf,
  usageError,
} from './arguments.ts';
import { compressedRow } from './compressed-row.ts';
import { floatLogits } from './float-logits.ts';
import { openData } from './open-data.ts';
import { INTERRUPTED, runTraining } from './run-training.ts';
import { teacherOf } from './teacher-of.ts';
import { trainedRun } from './trained-run.ts';

const VERSION = '1.0.0';

const USAGE = `npm run trainer -- compress --net NAME --protocol NAME --method METHOD [--out DIR] [--publish] [options]
Compresses a trained network, or goes on from the checkpoint of its compression; writes its model with its card
as NAME-METHOD.zip, measured on the whole test set.
  --method METHOD       ${COMPRESSIONS.join(', ')}
  --weight-bytes N      of a point of the curve: what all weights may take by their entropy
  --out DIR             default: the compression's folder
  --publish             also write the figures to trainer/results/
${RUN_USAGE}`;

export async function run(args: string[]): Promise<number> {
  const values = parseOptions(args, {
    ...RUN_OPTIONS,
    method: { type: 'string' },
    'weight-bytes': { type: 'string' },
    out: { type: 'string' },
    publish: { type: 'boolean' },
  });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const method = methodOf(stringOf(values, 'method') ?? '');
  if (method === undefined) throw usageError(`--method is one of ${COMPRESSIONS.join(', ')}`);
  if (values.folder !== undefined) {
    throw usageError('--folder is not for compress: it goes from run to run below RHYTHMD_TRAINING_FOLDER');
  }
  const { recipe: base } = selectRun(values);
  const network = networkNamed(base.network);
  const weightBytes = numberOf(values, 'weight-bytes', 1, 1e9, true);
  if ((weightBytes !== null) !== (method === 'curve')) {
    throw usageError('--weight-bytes belongs to --method curve, and that to it');
  }
  const recipe = compressionRecipe(base, method, weightBytes ?? undefined);
  const folder = defaultFolder(recipe);
  const weightsOf = (of: Recipe): Weights => trainedRun(defaultFolder(of), fixFor(of)).state;
  const compression = recipe.compression!;
  // Before anything is made: the run that this one starts from.
  weightsOf(compression.from === 'none' ? base : compressionRecipe(base, compression.from));
  const dataset = openData(recipe.dataset);
  const split = splitOf(dataset, recipe.protocol, recipe.seed, recipe.fold);
  const materials = { dataset, ...split, remember: rememberIn(defaultFolder(base)) };
  const from = await trainedBy(base, compression.from, materials, weightsOf);
  const stage = await stageOf(compression, from, materials);
  const teacher = await teacherOf(recipe, base, dataset, split.train);
  console.log(`${network.name}, ${recipe.protocol}: ${method} from ${compression.from}; ${folder}`);
  const { begin, constraint } = stage;
  const training = { recipe, network: stage.network, dataset, split, folder, begin, constraint, teacher };
  const result = await runTraining(training);
  if (!result.isComplete) return INTERRUPTED;

  const metadata = { name: network.name, version: VERSION, protocol: recipe.protocol, method };
  const model = await compressedModel(stage, result.state, dataset, split.test, metadata);
  const trained = weightsOf(base);
  const float = await floatLogits(defaultFolder(base), network, trained, dataset, split.test);
  const labels = Array.from(split.test, (beat) => dataset.label[beat]!);
  const row = await compressedRow({ recipe, network, stage, model, result, trained, float, labels });
  console.log(`${method}, ${recipe.protocol}:\n${formatMetrics(row.metrics)}`);
  console.log(
    `file ${row.fileBytes} bytes, archive ${row.archiveBytes}; answers as before compression on ` +
      `${percent(row.agreementWithFloat ?? null)}; ${row.millisecondsPerBeat?.toFixed(2)} ms a beat`,
  );
  if (values.publish === true) console.log(`wrote ${writeResult(row)}`);

  const other = recipe.protocol === 'paper' ? 'patient-separated' : 'paper';
  const card = modelCard({
    version: VERSION,
    recipe,
    bytes: model.bytes,
    golden: await goldenPredictions(model.bytes, IMAGE_SHAPE),
    row,
    other: readResult(network.name, other, method),
  });
  const members = {
    'model.onnx': model.bytes,
    'card.json': new TextEncoder().encode(`${JSON.stringify(card, null, 2)}\n`),
  };
  const out = stringOf(values, 'out') ?? folder;
  const path = join(out, archiveName(network.name, method));
  mkdirSync(out, { recursive: true });
  writeAtomically(path, [archive(members)]);
  console.log(`wrote ${path}`);
  return 0;
}

/** Old words are understood, with a word of what they are called now. */
function methodOf(word: string): CompressionMethod | undefined {
  const method = todaysMethod(word);
  if (method !== word)
    console.error(`--method ${word} is called ${method} now; the old word goes with the next release`);
  return COMPRESSIONS.find((name) => name === method);
}

function fixFor({ network, protocol, compression }: Recipe): string {
  const run = `--net ${network} --protocol ${protocol}`;
  return compression === undefined
    ? `First: npm run trainer -- train ${run}`
    : `First: npm run trainer -- compress ${run} --method ${compression.method}`;
}
