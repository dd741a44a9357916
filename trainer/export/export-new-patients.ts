/**
 * The export of a network for patients never seen. Trained on all but DS2 it is measured there; trained on every record,
 * which is what ships, nothing is left to measure it: its card says what the former and the folds reached.
 */
import { dirname } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { type Split, splitOf, spread } from '../data/splits.ts';
import { newPatientsPath, readNewPatients } from '../evaluate/new-patients.ts';
import { recordOpening } from '../evaluate/openings.ts';
import { figuresByRecord, figuresOfGroup } from '../evaluate/run-figures.ts';
import { makeFolder, writeAtomically } from '../files.ts';
import { countParameters } from '../nets/parameters.ts';
import { networkNamed } from '../presets/catalog.ts';
import { gitRevision } from '../revision.ts';
import { floatLogits } from '../train/float-logits.ts';
import type { Recipe } from '../train/recipe.ts';
import { openData, trainedRun } from '../train/run-folder.ts';
import { archive } from './archive.ts';
import { exportFloat } from './float.ts';
import { foldNetwork } from './folded.ts';
import { goldenPredictions } from './golden-predictions.ts';
import { newPatientsCard } from './new-patients-card.ts';
import { agreementOf, calibrationPlan, logitsOf, quantize } from './quantize.ts';
import { writeModel } from './write-model.ts';

const VERSION = '1.0.0';
/** Beats on which file and graph are compared where there is no test set. */
const COMPARED_BEATS = 20_000;

export interface NewPatientsExport {
  readonly recipe: Recipe;
  readonly folder: string;
  readonly out: string;
  readonly publish: boolean;
  /** For the ledger, where figures of DS2 are shown. */
  readonly why: string;
}

export async function exportNewPatients(
  { recipe, folder, out, publish, why }: NewPatientsExport,
  say: (line: string) => void,
): Promise<void> {
  const network = networkNamed(recipe.network);
  const { state } = trainedRun(recipe, folder);
  const dataset = openData(recipe.dataset);
  const split = splitOf(dataset, recipe.protocol, recipe.seed, recipe.fold);
  const isShipped = recipe.protocol === 'every-record';
  const beats = comparedBeats(split, isShipped);
  const metadata = { name: network.name, version: VERSION, protocol: recipe.protocol };
  const folded = foldNetwork(network, state);
  const expected = await floatLogits(folder, network, state, dataset, beats);
  const float = await exportFloat(folded, expected, dataset, beats, metadata);
  const plan = await calibrationPlan(folded, dataset, split.train);
  const { bytes, logits, agreement, agreementWithExecutor, operators } = await quantize(
    folded,
    plan,
    dataset,
    beats,
    metadata,
    'numbered',
  );
  const classes = network.output.shape[0];
  const agreementWithFloat = agreementOf(logits, float.logits, classes);
  const archiveBytes = archive({ 'model.onnx': bytes }).length;
  say(
    `${countParameters(network)} parameters; ${bytes.length} bytes in 8 bits (${archiveBytes} zipped), ` +
      `${float.bytes.length} in floats; predicts as the fake-quantized graph on ${(100 * agreement).toFixed(3)} %, as the ` +
      `floats on ${(100 * agreementWithFloat).toFixed(2)} %`,
  );
  const size = {
    parameters: countParameters(network),
    fileBytes: bytes.length,
    archiveBytes,
    floatFileBytes: float.bytes.length,
  };
  if (!isShipped) {
    const oneLead: Dataset = { ...dataset, recipe: { ...dataset.recipe, leadsShown: 1 } };
    const twoLeads = figuresByRecord(dataset, beats, logits);
    const single = figuresByRecord(dataset, beats, await logitsOf(bytes, oneLead, beats));
    if (recipe.fold === null) recordOpening(recipe, why, figuresOfGroup(twoLeads, 'DS2')?.accuracy ?? null);
    say(JSON.stringify({ two: figuresOfGroup(twoLeads, 'DS2'), one: figuresOfGroup(single, 'DS2') }));
    const { revision, ...measured } = readNewPatients(network.name) ?? {
      revision: '',
      network: network.name,
      seeds: [],
    };
    const quantized = {
      seed: recipe.seed,
      size,
      agreement,
      agreementWithExecutor,
      agreementWithFloat,
      operators,
      twoLeads,
      oneLead: single,
    };
    if (publish) {
      const path = newPatientsPath(network.name);
      makeFolder(dirname(path));
      const text = JSON.stringify({ ...measured, revision: gitRevision(), quantized });
      writeAtomically(path, [new TextEncoder().encode(`${text}\n`)]);
      say(`wrote ${path}`);
    }
  }
  const card = newPatientsCard({
    version: VERSION,
    recipe,
    bytes,
    measured: readNewPatients(network.name),
    size,
    golden: await goldenPredictions(bytes, [3, 36, 36]),
  });
  writeModel(out, bytes, card);
  say(`wrote ${out}/model.onnx and card.json`);
}

function comparedBeats({ test, train, validation }: Split, isShipped: boolean): Uint32Array {
  if (isShipped) return spread(train, COMPARED_BEATS);
  return validation.length > 0 ? validation : test;
}
