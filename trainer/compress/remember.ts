/** What took minutes to measure, kept as JSON beside the checkpoint that depends on it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder, writeAtomically } from '../files.ts';
import type { Weights } from '../nets/parameters.ts';
import type { Materials } from './stage.ts';

export function rememberIn(folder: string): Materials['remember'] {
  return async <T>(name: string, make: () => Promise<T>): Promise<T> => {
    const path = join(folder, `${name}.json`);
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as T;
    const made = await make();
    makeFolder(dirname(path));
    writeAtomically(path, [new TextEncoder().encode(JSON.stringify(made))]);
    return made;
  };
}

/** What was measured of other weights is not remembered for these. */
export function fingerprint(weights: Weights): string {
  const hash = createHash('sha256');
  for (const values of weights.values()) hash.update(values);
  return hash.digest('hex').slice(0, 16);
}
