/** What was counted of which model, and what an earlier run counted in the same emulator. */
import { existsSync, readFileSync } from 'node:fs';
import type { BeatCount } from './beat-counter.ts';
import type { Parts } from './parts.ts';

export interface Counted extends BeatCount {
  readonly model: string;
  readonly fileBytes: number;
}

export type EmulatorVersions = Parts['versions'] & { readonly cpu: string };

interface Kept {
  readonly emulator: EmulatorVersions;
  readonly models: readonly Counted[];
}

/** @returns the models of the file at `path` and those counted now, which replace earlier ones of their name */
export function withEarlier(
  path: string,
  emulator: EmulatorVersions,
  counted: readonly Counted[],
): Counted[] {
  const kept = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Kept) : null;
  const isSame = JSON.stringify(kept?.emulator) === JSON.stringify(emulator);
  const earlier = kept !== null && isSame ? kept.models : [];
  const names = new Set(counted.map(({ model }) => model));
  return [...earlier.filter(({ model }) => !names.has(model)), ...counted];
}
