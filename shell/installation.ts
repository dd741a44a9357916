/**
 * Where the program's own files lie (`config/`, `models/`): the repository in development, `dist/` or wherever
 * it was copied to on the device. Relative paths of the configuration start here, so that they mean the same
 * whatever folder a command is run from.
 */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const MARK = 'config/default.toml';

/** The nearest folder above this file that holds `config/default.toml`; this file's own where there is none. */
export function installationFolder(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, MARK))) return folder;
    if (folder === dirname(folder)) return start;
  }
}

/** A path of the configuration as an absolute one. */
export function fromInstallation(path: string): string {
  return resolve(installationFolder(), path);
}
