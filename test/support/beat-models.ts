/** The names of the networks in models/ that classify beats; the rhythm network beside them has tests of its own. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './needs.ts';

const RHYTHM_NETWORK = 'rhythmnet';

const modelsFolder = join(repositoryRoot, 'models');

export function beatModels(): string[] {
  return readdirSync(modelsFolder)
    .filter((name) => name !== RHYTHM_NETWORK)
    .sort();
}
