/** Published figures of the folds: one file, never written but by a command. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineDescription, resultsFolder } from '../evaluate/results.ts';
import { writeAtomically } from '../files.ts';
import { gitRevision } from '../revision.ts';
import type { FoldFigures } from './fold-report.ts';
import type { RhythmRecipe } from './rhythm-recipe.ts';

export interface FoldResult {
  readonly command: string;
  readonly recipe: Omit<RhythmRecipe, 'seed' | 'fold'>;
  readonly seeds: readonly number[];
  /** One a seed. */
  readonly figures: readonly FoldFigures[];
  readonly machine: string;
  readonly revision: string;
}

const folder = join(resultsFolder, 'rhythm');
const path = join(folder, 'folds.json');

export function writeFoldResult({
  recipe: { seed: _seed, fold: _fold, ...recipe },
  seeds,
  figures,
}: {
  readonly recipe: RhythmRecipe;
  readonly seeds: readonly number[];
  readonly figures: readonly FoldFigures[];
}): string {
  const result: FoldResult = {
    command: `npm run trainer -- evaluate --net rhythmnet --seeds ${seeds.join()} --publish`,
    recipe,
    seeds,
    figures,
    machine: machineDescription(),
    revision: gitRevision(),
  };
  mkdirSync(folder, { recursive: true });
  writeAtomically(path, [new TextEncoder().encode(`${JSON.stringify(result, null, 1)}\n`)]);
  return path;
}

/** null before anything was published. */
export function readFoldResult(): FoldResult | null {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as FoldResult) : null;
}
