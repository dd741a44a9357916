/** `card.json`: what a model is, how its input is made, what was measured of it, how to make it again. */
import { createHash } from 'node:crypto';
import { labelsOf } from '../data/dataset.ts';
import { optionsOf, runOptions } from '../evaluate/commands.ts';
import type { Metrics } from '../evaluate/metrics.ts';
import type { ResultRow } from '../evaluate/results.ts';
import type { Recipe } from '../train/recipe.ts';
import type { GoldenPrediction } from './golden-predictions.ts';

/** Of one input: channels, rows, columns. */
export const IMAGE_SHAPE = [3, 36, 36] as const;

export interface CardInput {
  readonly version: string;
  readonly recipe: Recipe;
  readonly bytes: Uint8Array;
  /** Figures of this very file. */
  readonly row: ResultRow;
  /** Those of the floats it came from, where they were measured beside it. */
  readonly float?: ResultRow;
  /** What it answers to the golden inputs. */
  readonly golden?: readonly GoldenPrediction[];
  /** The same network and method under the other protocol. */
  readonly other: ResultRow | null;
}

export function modelCard({
  version,
  recipe,
  bytes,
  row,
  float,
  golden,
  other,
}: CardInput): Record<string, unknown> {
  const run =
    recipe.compression === undefined
      ? optionsOf(recipe)
      : runOptions(recipe.network, recipe.protocol, recipe.seed);
  return {
    name: row.network,
    version,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    labels: [...labelsOf(recipe.dataset)],
    input: {
      shape: [...IMAGE_SHAPE],
      rateHz: 360,
      normalisation: recipe.dataset.normalisation,
      channels: recipe.dataset.channels,
    },
    output: 'logits',
    arithmetic: row.method.includes('quantized') ? '8-bit integers' : 'float32',
    ...(recipe.compression === undefined ? {} : { compression: recipe.compression }),
    training: {
      protocol: recipe.protocol,
      records: recipe.protocol === 'paper' ? 'all 48, 56 % of the beats' : 'DS1 (22 records)',
      seed: recipe.seed,
      epochs: row.epochs,
      batch: recipe.batch,
      command: `npm run trainer -- train ${run}`,
      exportCommand: `npm run trainer -- ${exportCommand(row, recipe, run)}`,
      revision: row.revision,
    },
    measured: {
      note: 'on reference peaks; end to end with our own detector: docs/training.md',
      [row.protocol]: figuresOf(row.metrics),
      ...(other === null ? {} : { [other.protocol]: figuresOf(other.metrics) }),
    },
    size: {
      parameters: row.parameters,
      fileBytes: row.fileBytes,
      archiveBytes: row.archiveBytes,
      floatFileBytes: row.originalBytes,
      ...(float === undefined ? {} : { floatArchiveBytes: float.archiveBytes }),
    },
    ...(golden === undefined ? {} : { golden }),
    notice: 'not a medical device',
  };
}

function exportCommand({ network, method }: ResultRow, { compression }: Recipe, run: string): string {
  if (compression !== undefined) {
    const { weightBytes } = compression;
    const size = weightBytes === undefined ? '' : ` --weight-bytes ${weightBytes}`;
    return `compress ${run} --method ${compression.method}${size} --out models`;
  }
  const int8 = method === 'post-training-quantized' ? ' --int8' : '';
  return `export ${run}${int8} --out models/${network}`;
}

function figuresOf(metrics: Metrics): Record<string, unknown> {
  const rounded = (value: number | null): number | null =>
    value === null ? null : Math.round(value * 1e4) / 1e4;
  return {
    beats: metrics.beats,
    accuracy: rounded(metrics.accuracy),
    macroPrecision: rounded(metrics.macroPrecision),
    macroRecall: rounded(metrics.macroRecall),
    classes: Object.fromEntries(
      metrics.classes
        .filter(({ count }) => count > 0)
        .map(({ label, count, recall, precision }) => [
          label,
          { beats: count, sensitivity: rounded(recall), positivePredictivity: rounded(precision) },
        ]),
    ),
  };
}
