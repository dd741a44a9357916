/**
 * What a test needs beyond a fresh clone. Missing: the test is skipped loudly; under CI, where `.ci/run`
 * installs everything, such a skip is a failure.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { findRecord } from '@rhythmd/records/folders.ts';
import { SmallDisk } from './small-disk.ts';

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

function missing(what: string, fix: string): string {
  const reason = `SKIPPED: needs ${what} (${fix})`;
  if (process.env.CI === 'true') throw new Error(`${reason}; under CI nothing may be skipped`);
  console.error(reason);
  return reason;
}

/** Options for `test(name, needs..., fn)`: `{}` when the programs are there, `{skip: reason}` otherwise. */
export function needsProgram(...names: string[]): { skip?: string } {
  for (const name of names) {
    try {
      execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' });
    } catch {
      return { skip: missing(name, `apt-get install ${name}`) };
    }
  }
  return {};
}

/** The same for records (and anything else beside them), looked up in the configured record folders. */
export function needsRecord(...names: string[]): { skip?: string } {
  for (const name of names) {
    if (findRecord(name) === null) return { skip: missing(`record ${name}`, 'npm run records -- fetch') };
  }
  return {};
}

/**
 * The same for a file system of its own (test/support/small-disk.ts). No installation mends a machine that forbids
 * mounting, so CI may skip it too; the error itself is also tested without (test/trainer/files.test.ts).
 */
export function needsMount(): { skip?: string } {
  const folder = mkdtempSync(join(tmpdir(), 'rhythmd-mount-'));
  const disk = SmallDisk.mount(folder, 64);
  if (disk === null) {
    const reason = 'SKIPPED: needs a file system to fill (run as root, where mounting is allowed)';
    console.error(reason);
    return { skip: reason };
  }
  disk.unmount();
  return {};
}

/** The same for a file or folder inside one of the configured record folders. */
export function needsFile(path: string | null, what: string): { skip?: string } {
  if (path === null || !existsSync(path)) return { skip: missing(what, 'see README, records') };
  return {};
}

/** The same for whatever `find` throws for want of, with a fix: the parts of an emulator. */
export function needsFound(what: string, find: () => unknown): { skip?: string } {
  try {
    find();
    return {};
  } catch (error) {
    if (!(error instanceof RhythmdError)) throw error;
    return { skip: missing(what, error.fix) };
  }
}

/**
 * The same for inputs that are kept beside the record folders and published nowhere: nobody can install them, so CI may
 * skip it too. Their kinds are tested with inputs of our own.
 */
export function needsCases(path: string | null, what: string): { skip?: string } {
  if (path !== null && existsSync(path)) return {};
  const reason = `SKIPPED: needs ${what} beside the record folders`;
  console.error(reason);
  return { skip: reason };
}
