/** Published figures: one JSON file a row in trainer/results/, never written but by a command. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Protocol } from '../data/splits.ts';
import { writeAtomically } from '../files.ts';
import { parseResult } from './result-check.ts';
import { FIRST_SEED, formerFileName, type Method, type ResultRow, resultFileName } from './result-row.ts';

export type { Method, ResultRow } from './result-row.ts';

export const resultsFolder = fileURLToPath(new URL('../results', import.meta.url));
/** Rows of other seeds: other splits of the paper's protocol, other first weights of the patient-separated one. */
export const seedsFolder = join(resultsFolder, 'seeds');

export function resultPath(network: string, protocol: Protocol, method: Method): string {
  return join(resultsFolder, resultFileName({ network, protocol, method }));
}

export function writeResult(row: ResultRow): string {
  const folder = row.seed === FIRST_SEED ? resultsFolder : seedsFolder;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, resultFileName(row));
  writeAtomically(path, [new TextEncoder().encode(`${JSON.stringify(row, null, 1)}\n`)]);
  const former = formerFileName(row);
  if (former !== null) rmSync(join(resultsFolder, former), { force: true });
  return path;
}

/** @throws RhythmdError E_RESULT_BROKEN */
export function readResult(network: string, protocol: Protocol, method: Method): ResultRow | null {
  const path = resultPath(network, protocol, method);
  const former = formerFileName({ network, protocol, method });
  if (!existsSync(path) && former !== null && existsSync(join(resultsFolder, former))) {
    return parseResult(readFileSync(join(resultsFolder, former), 'utf8'), former);
  }
  return existsSync(path) ? parseResult(readFileSync(path, 'utf8'), basename(path)) : null;
}

/** @throws RhythmdError E_RESULT_BROKEN */
export function readResults(folder = resultsFolder): ResultRow[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => parseResult(readFileSync(join(folder, name), 'utf8'), name));
}

/** Of every seed, the first one's rows before the others'. @throws RhythmdError E_RESULT_BROKEN */
export function readEveryDraw(): ResultRow[] {
  return [...readResults(), ...readResults(seedsFolder)];
}

/** Processor, cores and runtime: figures are not comparable without. */
export function machineDescription(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${model}, ${cpus().length} cores, Node ${process.version}, one thread`;
}
