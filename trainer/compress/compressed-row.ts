/** The published figures of a compressed network. */

import { commandFor } from '../evaluate/commands.ts';
import { measure } from '../evaluate/metrics.ts';
import type { ResultRow } from '../evaluate/results.ts';
import { rowOf } from '../evaluate/row-of.ts';
import { millisecondsPerBeat } from '../evaluate/time-per-beat.ts';
import { foldNetwork } from '../export/folded.ts';
import { inferenceGraph } from '../export/inference-graph.ts';
import { WEIGHT_BYTES } from '../export/quantization.ts';
import { agreementOf } from '../export/quantize.ts';
import { sizeOf } from '../graph/graph.ts';
import { encodeModel } from '../graph/onnx-model.ts';
import type { Network } from '../nets/network.ts';
import { countParameters, parametersOf, type Weights } from '../nets/parameters.ts';
import type { Recipe } from '../train/recipe.ts';
import type { TrainResult } from '../train/train.ts';
import type { CompressedModel } from './finish.ts';
import { variantOf } from './method.ts';
import { sparsityOf } from './prune/magnitude.ts';
import { prunableWeights, type Stage } from './stage.ts';

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
  /** What the test beats are. */
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
  const { bytes, logits, agreementWithFake, agreementWithExecutor, operators } = model;
  const { method, from, weightBytes } = recipe.compression!;
  const variant = variantOf(recipe.compression!);
  const { progress, state } = result;
  const prunable = new Map(prunableWeights(stage.network).map((name) => [name, state.get(name)!]));
  return {
    ...rowOf({
      recipe,
      network,
      progress,
      method,
      bytes,
      originalBytes: encodeModel(inferenceGraph(foldNetwork(network, trained)).graph).length,
      metrics: measure(labels, logits),
      command: commandFor(network.name, recipe.protocol, method, weightBytes, recipe.seed),
      details: {
        recipe,
        ...(stage.choices === undefined ? {} : { choices: Object.fromEntries(stage.choices) }),
        ...(operators === null ? {} : { operators, weights: WEIGHT_BYTES }),
      },
    }),
    // Factors and fewer channels make another network; everything else leaves it the one it was.
    parameters: isSameSize(stage.network, network)
      ? countParameters(network)
      : countParameters(stage.network),
    from,
    ...(variant === undefined ? {} : { variant }),
    learning: progress.epochs,
    agreementWithFloat: agreementOf(logits, float),
    ...(agreementWithFake === null ? {} : { agreementWithFake }),
    ...(agreementWithExecutor === null ? {} : { agreementWithExecutor }),
    millisecondsPerBeat: await millisecondsPerBeat(bytes),
    sparsity: sparsityOf(prunable),
    distinctWeights: model.distinctWeights,
  };
}

function isSameSize(a: Network, b: Network): boolean {
  const weightsOf = (network: Network): number =>
    parametersOf(network)
      .filter(({ role }) => role === 'weight')
      .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return weightsOf(a) === weightsOf(b);
}
