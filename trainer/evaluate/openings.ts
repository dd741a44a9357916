/**
 * The ledger of test sets: a line each time that a command shows what a network answers to one, in
 * `trainer/results/test-set-openings.jsonl`, which is committed. A test set looked at often is no test any more; how
 * often is not left to memory.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Protocol } from '../data/splits.ts';
import { gitRevision } from '../revision.ts';
import type { Recipe } from '../train/recipe.ts';
import { resultsFolder } from './results.ts';

export interface Opening {
  /** Year, month, day. */
  readonly on: string;
  /** `DS2`, or the paper's random quarter by its seed. */
  readonly testSet: string;
  /** The network and what was done to it. */
  readonly what: string;
  readonly seed: number;
  /** Of all beats; null: the command showed figures of another kind. */
  readonly accuracy: number | null;
  readonly why: string;
  readonly revision: string;
  /** Absent: once. */
  readonly times?: number;
}

const openingsPath = join(resultsFolder, 'test-set-openings.jsonl');

function testSetOf(protocol: Protocol, seed: number): string {
  return protocol === 'paper' ? `paper, seed ${seed}` : 'DS2';
}

/** Call it once the figures are known and before they are shown. */
export function recordOpening(
  { network, protocol, seed, compression }: Recipe,
  why: string,
  accuracy: number | null,
): void {
  const opening: Opening = {
    on: new Date().toISOString().slice(0, 10),
    testSet: testSetOf(protocol, seed),
    what: compression === undefined ? network : `${network}, ${compression.method}`,
    seed,
    accuracy: accuracy === null ? null : Math.round(accuracy * 1e4) / 1e4,
    why,
    revision: gitRevision(),
  };
  appendFileSync(openingsPath, `${JSON.stringify(opening)}\n`);
}

/** In the order they happened. */
export function readOpenings(path = openingsPath): Opening[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Opening);
}
