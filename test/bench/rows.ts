/**
 * `npm run bench -- rows [--publish]`: every published row of new patients whose model file is here (where the run
 * left it, or in models/), asked again for every beat of DS2 by that file. Does it read what the row says, and what without record 202, whose
 * patient was trained on as 201? `--publish` asks for rows that lack the latter alone, and writes it into them.
 */
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { type Dataset, type DatasetRecipe, recipeName } from '@rhythmd/trainer/data/dataset.ts';
import { splitOf } from '@rhythmd/trainer/data/splits.ts';
import { measure } from '@rhythmd/trainer/evaluate/metrics.ts';
import { recordOpening } from '@rhythmd/trainer/evaluate/openings.ts';
import type { ResultRow } from '@rhythmd/trainer/evaluate/result-row.ts';
import { readResults, writeResult } from '@rhythmd/trainer/evaluate/results.ts';
import { withoutSharedPatient } from '@rhythmd/trainer/evaluate/shared-patient.ts';
import { logitsOf } from '@rhythmd/trainer/export/quantize.ts';
import { methodTitle, networkTitle } from '@rhythmd/trainer/report/figures.ts';
import type { Recipe } from '@rhythmd/trainer/train/recipe.ts';
import { openData } from '@rhythmd/trainer/train/run-folder.ts';
import { repositoryRoot } from '../support/needs.ts';
import { modelOfRow, modelPathOf, modelsIn } from './instructions/published-rows.ts';
import type { BenchTopic } from './topic.ts';

const DIGITS = 4;
const WHY = 'a published row asked again by its file';

interface Asked {
  readonly row: ResultRow;
  readonly again: number;
  readonly without: number | null;
}

export const topic: BenchTopic = {
  summary: 'published rows of new patients asked again by their model files',
  async run(args, progress) {
    const paths = modelsIn(join(repositoryRoot, 'models'));
    const isPublishing = args.includes('--publish');
    const datasets = new Map<string, Dataset>();
    const asked: Asked[] = [];
    for (const row of readResults()) {
      if (row.protocol !== 'patient-separated') continue;
      if (isPublishing && row.withoutSharedPatient !== undefined) continue;
      const model = await modelOfRow(row, [modelPathOf(row), ...paths]);
      if (model === null) continue;
      const recipe = row.details.recipe as Recipe;
      const dataset = opened(recipe.dataset, datasets);
      const { test } = splitOf(dataset, row.protocol, row.seed, null);
      const logits = await logitsOf(model.onnx, dataset, test);
      const labels = Array.from(test, (beat) => dataset.label[beat]!);
      const again = measure(labels, logits).accuracy;
      recordOpening(recipe, WHY, again);
      const without = withoutSharedPatient(dataset, test, logits);
      asked.push({ row, again, without: without?.accuracy ?? null });
      progress(`${networkTitle(row.network)}, ${methodTitle(row)}: ${again.toFixed(DIGITS)}`);
      if (again.toFixed(DIGITS) !== row.accuracy.toFixed(DIGITS))
        throw new RhythmdError('E_BENCH_TARGET', `${row.network}: ${again}, its row says ${row.accuracy}`);
      if (isPublishing && without !== null) writeResult({ ...row, withoutSharedPatient: without });
    }
    if (asked.length === 0)
      progress('no row to ask has its model file here: train, export and compress make it');
    return {
      tables: [
        {
          title: 'Published rows asked again on all beats of DS2',
          columns: ['network', 'what was done', 'row', 'again', 'without 202'],
          rows: asked.map(({ row, again, without }) => [
            networkTitle(row.network),
            methodTitle(row),
            row.accuracy.toFixed(DIGITS),
            again.toFixed(DIGITS),
            without?.toFixed(DIGITS) ?? '-',
          ]),
        },
      ],
      json: {
        rows: asked.map(({ row, again, without }) => ({
          network: row.network,
          method: row.method,
          accuracy: row.accuracy,
          again,
          without,
        })),
      },
    };
  },
};

function opened(recipe: DatasetRecipe, datasets: Map<string, Dataset>): Dataset {
  const name = recipeName(recipe);
  const dataset = datasets.get(name) ?? openData(recipe);
  datasets.set(name, dataset);
  return dataset;
}
