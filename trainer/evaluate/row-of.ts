/** What every published row has, whichever method it is of. */

import { archive } from '../export/archive.ts';
import type { Network } from '../nets/network.ts';
import { countParameters } from '../nets/parameters.ts';
import { gitRevision } from '../revision.ts';
import type { Progress } from '../train/checkpoint.ts';
import type { Recipe } from '../train/recipe.ts';
import type { Metrics } from './metrics.ts';
import type { Method, ResultRow } from './result-row.ts';
import { machineDescription } from './results.ts';

export interface RowParts {
  readonly recipe: Recipe;
  /** As it was before compression. */
  readonly network: Network;
  readonly progress: Progress;
  readonly method: Method;
  readonly bytes: Uint8Array;
  /** The size of the file of the network in floats. */
  readonly originalBytes: number;
  readonly metrics: Metrics;
  readonly command: string;
  readonly details: ResultRow['details'];
}

export function rowOf({
  recipe,
  network,
  progress,
  method,
  bytes,
  originalBytes,
  metrics,
  command,
  details,
}: RowParts): ResultRow {
  return {
    network: network.name,
    method,
    protocol: recipe.protocol,
    accuracy: metrics.accuracy,
    precision: metrics.macroPrecision,
    recall: metrics.macroRecall,
    parameters: countParameters(network),
    fileBytes: bytes.length,
    archiveBytes: archive({ 'model.onnx': bytes }).length,
    originalBytes,
    seed: recipe.seed,
    epochs: progress.epoch,
    batch: recipe.batch,
    cpuSeconds: Math.round(progress.cpuSeconds),
    machine: machineDescription(),
    revision: progress.revisions?.join(', ') ?? gitRevision(),
    recordedOn: new Date().toISOString().slice(0, 10),
    metrics,
    command,
    details,
  };
}
