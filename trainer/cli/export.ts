import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { splitOf } from '../data/splits.ts';
import { commandsOf } from '../evaluate/commands.ts';
import { measure } from '../evaluate/metrics.ts';
import { type ResultRow, readResult, resultPath, writeResult } from '../evaluate/results.ts';
import { formatMetrics } from '../evaluate/table.ts';
import { millisecondsPerBeat } from '../evaluate/time-per-beat.ts';
import { IMAGE_SHAPE, modelCard } from '../export/card.ts';
import { exportFloat } from '../export/float.ts';
import { foldNetwork } from '../export/folded.ts';
import { goldenPredictions } from '../export/golden-predictions.ts';
import { WEIGHT_BYTES } from '../export/quantization.ts';
import { agreementOf, calibrationPlan, quantize } from '../export/quantize.ts';
import { writeAtomically } from '../files.ts';
import { networkNamed } from '../nets/catalog.ts';
import { parseOptions, RUN_OPTIONS, RUN_USAGE, selectRun, stringOf, usageError } from './arguments.ts';
import { exportNewPatients } from './export-new-patients.ts';
import { floatLogits } from './float-logits.ts';
import { openData } from './open-data.ts';
import { namesRhythmNetwork, runRhythm } from './rhythm.ts';
import { rowOf } from './row-of.ts';
import { trainedRun } from './trained-run.ts';

const USAGE = `npm run trainer -- export --net NAME --protocol NAME [--int8] [--out DIR] [--publish] [options]
Writes model.onnx and card.json, verified on the whole test set against what was trained.
  --int8                8-bit weights and activations instead of floats
  --out DIR             default: the run's folder
  --publish             also write the figures to trainer/results/
${RUN_USAGE}`;

export async function run(args: string[]): Promise<number> {
  if (namesRhythmNetwork(args)) return runRhythm('export', args);
  const values = parseOptions(args, {
    ...RUN_OPTIONS,
    int8: { type: 'boolean' },
    out: { type: 'string' },
    publish: { type: 'boolean' },
  });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const { recipe, folder } = selectRun(values);
  if (recipe.protocol === 'new-patients' || recipe.protocol === 'every-record') {
    if (values.int8 !== true) throw usageError('--int8 is missing: this network is exported in 8 bits');
    const out = stringOf(values, 'out') ?? folder;
    return exportNewPatients({ recipe, folder, out, publish: values.publish === true });
  }
  const network = networkNamed(recipe.network);
  const { state, progress } = trainedRun(folder);
  const dataset = openData(recipe.dataset);
  const split = splitOf(dataset, recipe.protocol, recipe.seed, recipe.fold);
  const labels = Array.from(split.test, (beat) => dataset.label[beat]!);
  const folded = foldNetwork(network, state);
  const version = '1.0.0';
  const metadata = { name: network.name, version, protocol: recipe.protocol };

  const expected = await floatLogits(folder, network, state, dataset, split.test);
  const float = await exportFloat(folded, expected, dataset, split.test, metadata);
  console.log(
    `float model: ${float.bytes.length} bytes, at most ${float.largestDifference.toExponential(1)} from the training graph`,
  );
  const common = {
    recipe,
    network,
    progress,
    originalBytes: float.bytes.length,
    command: commandsOf(recipe, values.int8 === true ? ['--int8', '--publish'] : ['--publish']),
  };
  const rows: ResultRow[] = [
    {
      ...rowOf({
        ...common,
        method: 'none',
        bytes: float.bytes,
        metrics: measure(labels, float.logits),
        details: { recipe },
      }),
      learning: progress.epochs,
      millisecondsPerBeat: await millisecondsPerBeat(float.bytes),
    },
  ];
  let bytes = float.bytes;
  if (values.int8 === true) {
    const plan = await calibrationPlan(folded, dataset, split.train);
    const quantized = await quantize(folded, plan, dataset, split.test, metadata);
    bytes = quantized.bytes;
    const { agreement, operators } = quantized;
    console.log(
      `8-bit model: ${bytes.length} bytes; agrees with the fake-quantized graph on ${(100 * agreement).toFixed(3)} %`,
    );
    rows.push({
      ...rowOf({
        ...common,
        method: 'post-training-quantized',
        bytes,
        metrics: measure(labels, quantized.logits),
        details: { recipe, operators, weights: WEIGHT_BYTES },
      }),
      agreementWithFake: agreement,
      agreementWithFloat: agreementOf(
        quantized.logits,
        float.logits,
        quantized.logits.length / split.test.length,
      ),
      millisecondsPerBeat: await millisecondsPerBeat(bytes),
    });
  }
  for (const row of rows) console.log(`${row.method}:\n${formatMetrics(row.metrics)}`);
  if (values.publish === true) {
    for (const row of rows) console.log(`wrote ${writeResult(row)}`);
  }
  const out = stringOf(values, 'out') ?? folder;
  const other = recipe.protocol === 'paper' ? 'patient-separated' : 'paper';
  const card = modelCard({
    version,
    recipe,
    bytes,
    golden: await goldenPredictions(bytes, IMAGE_SHAPE),
    row: rows.at(-1)!,
    float: rows[0]!,
    other: readResult(network.name, other, rows.at(-1)!.method),
  });
  mkdirSync(out, { recursive: true });
  writeAtomically(join(out, 'model.onnx'), [bytes]);
  writeAtomically(join(out, 'card.json'), [new TextEncoder().encode(`${JSON.stringify(card, null, 2)}\n`)]);
  console.log(`wrote ${out}/model.onnx and card.json`);
  if (readResult(network.name, other, rows.at(-1)!.method) === null) {
    console.log(
      `the card lacks the ${other} figures: ${resultPath(network.name, other, rows.at(-1)!.method)}`,
    );
  }
  return 0;
}
