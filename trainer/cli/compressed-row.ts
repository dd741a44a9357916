/** The published figures of a compressed network. */

import type { CompressedModel } from '../compress/finish.ts';
import { variantOf } from '../compress/method.ts';
import { sparsityOf } from '../compress/prune/magnitude.ts';
import { prunableWeights, type Stage } from '../compress/stage.ts';
import { measure } from '../evaluate/metrics.ts';
import { gitRevision, machineDescription, type ResultRow } from '../evaluate/results.ts';
import { millisecondsPerBeat } from '../evaluate/time-per-beat.ts';
import { archive } from '../export/archive.ts';
import { foldNetwork } from '../export/folded.ts';
import { inferenceGraph } from '../export/inference-graph.ts';
import { agreementOf } from '../export/quantize.ts';
import { encodeModel } from '../graph/onnx-model.ts';
import type { Network } from '../nets/network.ts';
import { countParameters, type Weights } from '../nets/parameters.ts';
import type { Recipe } from '../train/recipe.ts';
import type { TrainResult } from '../train/train.ts';

export interface CompressedRun {
  readonly recipe: Recipe;
  /** As it was before compression. */
  readonly network: Network;
  readonly trained: Weights;
  /** What it answered to the test beats: [beats, classes]. */
  readonly float: Float32Array;
  readonly stage: Stage;
  readonly result: TrainResult;
  readonly model: CompressedModel;
  /** Of the test beats. */
  readonly labels: readonly number[];
}

export async function compressedRow({
  recipe,
  network,
  trained,
  float,
  stage,
  result,
  model,
  labels,
}: CompressedRun): Promise<ResultRow> {
  const { bytes, logits, agreementWithFake, operators } = model;
  const { method, from, weightBytes } = recipe.compression!;
  const variant = variantOf(recipe.compression!);
  const { progress, state } = result;
  const metrics = measure(labels, logits);
  const prunable = new Map(prunableWeights(stage.network).map((name) => [name, state.get(name)!]));
  return {
    network: network.name,
    method,
    from,
    ...(variant === undefined ? {} : { variant }),
    protocol: recipe.protocol,
    accuracy: metrics.accuracy,
    precision: metrics.macroPrecision,
    recall: metrics.macroRecall,
    parameters: countParameters(network),
    fileBytes: bytes.length,
    archiveBytes: archive({ 'model.onnx': bytes }).length,
    originalBytes: encodeModel(inferenceGraph(foldNetwork(network, trained)).graph).length,
    seed: recipe.seed,
    epochs: progress.epoch,
    batch: recipe.batch,
    cpuSeconds: Math.round(progress.cpuSeconds),
    machine: machineDescription(),
    revision: gitRevision(),
    recordedOn: new Date().toISOString().slice(0, 10),
    metrics,
    learning: progress.epochs,
    agreementWithFloat: agreementOf(logits, float),
    ...(agreementWithFake === null ? {} : { agreementWithFake }),
    millisecondsPerBeat: await millisecondsPerBeat(bytes),
    sparsity: sparsityOf(prunable),
    distinctWeights: model.distinctWeights,
    command: `npm run trainer -- compress --net ${network.name} --protocol ${recipe.protocol} --method ${method}${weightBytes === undefined || method !== 'curve' ? '' : ` --weight-bytes ${weightBytes}`} --publish`,
    details: {
      recipe,
      ...(stage.choices === undefined ? {} : { choices: Object.fromEntries(stage.choices) }),
      ...(operators === null ? {} : { operators }),
    },
  };
}
