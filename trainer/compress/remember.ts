/** What took minutes to measure, kept as JSON beside the checkpoint that depends on it. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../files.ts';
import type { Materials } from './stage.ts';

export function rememberIn(folder: string): Materials['remember'] {
  return async <T>(name: string, make: () => Promise<T>): Promise<T> => {
    const path = join(folder, `${name}.json`);
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as T;
    const made = await make();
    mkdirSync(folder, { recursive: true });
    writeAtomically(path, [new TextEncoder().encode(JSON.stringify(made))]);
    return made;
  };
}
