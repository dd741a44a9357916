/** Published figures: one JSON file a row in trainer/results/, never written but by a command. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Protocol } from '../data/splits.ts';
import { writeAtomically } from '../files.ts';
import type { EpochRecord } from '../train/checkpoint.ts';
import type { Metrics } from './metrics.ts';

/** What was done to the network after training it in floats (`none`: nothing), in the order it was done. */
export const METHODS = [
  'none',
  'post-training-quantized',
  'quantized',
  'pruned',
  'clustered',
  'clustered+pruned',
  'quantized+pruned',
  'quantized+pruned+clustered',
  'per-layer',
  'low-rank',
  'distilled',
  // Points of accuracy against size; `variant` says which.
  'curve',
] as const;
export type Method = (typeof METHODS)[number];

export interface ResultRow {
  readonly network: string;
  readonly method: Method;
  /** Which point of a curve, for example `sparsity-0.95`. */
  readonly variant?: string;
  /** The method whose result this one started from. */
  readonly from?: Method;
  readonly protocol: Protocol;
  readonly accuracy: number;
  /** Macro averages, as the paper's; `metrics` holds the weighted ones too. */
  readonly precision: number;
  readonly recall: number;
  readonly parameters: number;
  /** The ONNX file, the file zipped, and the float ONNX file it came from. */
  readonly fileBytes: number;
  readonly archiveBytes: number;
  readonly originalBytes: number;
  readonly seed: number;
  readonly epochs: number;
  readonly batch: number;
  readonly cpuSeconds: number;
  readonly machine: string;
  readonly revision: string;
  readonly recordedOn: string;
  readonly metrics: Metrics;
  /** An entry an epoch. */
  readonly learning?: readonly EpochRecord[];
  /** Share of the test beats on which it answers as the network before compression. */
  readonly agreementWithFloat?: number;
  /** Share of the test beats on which the integer model answers as the same arithmetic in floats. */
  readonly agreementWithFake?: number;
  /** One thread of `machine`, one beat at a time. */
  readonly millisecondsPerBeat?: number;
  /** null: asked, and nothing here can count them. */
  readonly instructionsPerBeat?: number | null;
  /** Share of the compressible weights that are zero. */
  readonly sparsity?: number;
  /** How many values the compressible weights take, all layers together. */
  readonly distinctWeights?: number;
  /** Makes this row again. */
  readonly command?: string;
  /** Whatever else the method has to say of itself. */
  readonly details: Readonly<Record<string, unknown>>;
}

export const resultsFolder = fileURLToPath(new URL('../results', import.meta.url));

export function resultPath(network: string, protocol: Protocol, method: Method, variant?: string): string {
  const suffix = variant === undefined ? '' : `-${variant}`;
  return join(resultsFolder, `${network}-${protocol}-${method.replaceAll('+', '-')}${suffix}.json`);
}

export function writeResult(row: ResultRow): string {
  mkdirSync(resultsFolder, { recursive: true });
  const path = resultPath(row.network, row.protocol, row.method, row.variant);
  writeAtomically(path, [new TextEncoder().encode(`${JSON.stringify(row, null, 1)}\n`)]);
  return path;
}

export function readResult(network: string, protocol: Protocol, method: Method): ResultRow | null {
  const path = resultPath(network, protocol, method);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ResultRow) : null;
}

export function readResults(): ResultRow[] {
  if (!existsSync(resultsFolder)) return [];
  return readdirSync(resultsFolder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(resultsFolder, name), 'utf8')) as ResultRow);
}

/** Processor, cores and runtime: figures are not comparable without. */
export function machineDescription(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${model}, ${cpus().length} cores, Node ${process.version}, one thread`;
}

/** The commit the code is at; `+` when the tree has changes. */
export function gitRevision(): string {
  try {
    const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '-uno') === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}
