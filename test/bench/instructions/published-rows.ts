/** From a published row to the very model file that it tells of. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ModelFiles, readModelFiles } from '@rhythmd/daemon/classify/model-files.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { archiveName } from '@rhythmd/trainer/compress/method.ts';
import type { ResultRow } from '@rhythmd/trainer/evaluate/result-row.ts';
import type { Recipe } from '@rhythmd/trainer/train/recipe.ts';
import { defaultFolder } from '@rhythmd/trainer/train/run-folder.ts';

/** Where `export` and `compress` leave the model of a row's run: a folder, or an archive. */
export function modelPathOf({ details, network }: ResultRow): string {
  const recipe = details.recipe as Recipe;
  const folder = defaultFolder(recipe);
  const { compression } = recipe;
  return compression === undefined ? folder : join(folder, archiveName(network, compression.method));
}

/** Every model below a folder such as models/. */
export function modelsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.name.endsWith('.zip'))
    .map((entry) => join(folder, entry.name))
    .sort();
}

/** @returns the first that is the row's; null when none is */
export async function modelOfRow(row: ResultRow, paths: readonly string[]): Promise<ModelFiles | null> {
  for (const path of paths) {
    const model = await readIfWhole(path);
    if (model !== null && isModelOf(row, model)) return model;
  }
  return null;
}

/**
 * Its length, and what its card says was measured of it; that the card is the file's own, its hash says.
 * Two trainings of one recipe may end in files of one length, but hardly in the same figures.
 */
function isModelOf(row: ResultRow, { onnx, card }: ModelFiles): boolean {
  const measured = card.measured[row.protocol] as Readonly<Record<string, unknown>> | undefined;
  const told = { accuracy: row.accuracy, macroPrecision: row.precision, macroRecall: row.recall };
  return (
    card.name === row.network &&
    onnx.length === row.fileBytes &&
    Object.entries(told).every(([key, share]) => measured?.[key] === Math.round(share * 1e4) / 1e4)
  );
}

/** A run's folder may hold no model yet, or one that is just being replaced. */
async function readIfWhole(path: string): Promise<ModelFiles | null> {
  if (!existsSync(path)) return null;
  try {
    return await readModelFiles(path);
  } catch (error) {
    if (error instanceof RhythmdError) return null;
    throw error;
  }
}
