/** The files of an installation, put together in a folder of their own. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** Whoever builds beside another names a folder of its own. */
export const built = process.env.RHYTHMD_DIST_FOLDER || join(root, 'dist');

const PROGRAMS = ['rhythmd.js', 'daemon.js', 'sim.mjs', 'LICENSE'];
/** What programs read when they need it, with the licences of packages; the pages. */
const FOLDERS = ['program', 'parts', 'pages'];
/** What the default configuration names: the large ones of the paper are for comparison, and a megabyte. */
const MODELS = ['beatnet2', 'rhythmnet'];

/** @param use of a folder that is gone afterwards */
export function inStaging<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-package-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copies the program to a folder: what runs without any other module. */
export function copyProgram(to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of PROGRAMS) cpSync(join(built, name), join(to, name));
  for (const name of FOLDERS) cpSync(join(built, name), join(to, name), { recursive: true });
  for (const name of MODELS)
    cpSync(join(built, 'models', name), join(to, 'models', name), { recursive: true });
  for (const name of ['default.toml', 'schema.json'])
    cpSync(join(built, 'config', name), join(to, 'config', name));
}

export function writeText(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
}

export function deployed(name: string): string {
  return readFileSync(join(root, 'config/deploy', name), 'utf8');
}

/** @throws RhythmdError E_PACKAGE with what the program said, or what to install */
export function run(program: string, args: readonly string[], install: string, cwd?: string): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], cwd });
  } catch (cause) {
    const { code, stderr } = cause as { code?: string; stderr?: string };
    const what =
      code === 'ENOENT' ? `there is no ${program}` : `${program} failed: ${stderr?.trim() || String(cause)}`;
    throw new RhythmdError('E_PACKAGE', what, `Install: ${install}`, { cause });
  }
}
