/** Where the trainer's files lie, and what is said when they cannot be written. */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { writeWholeFileSync } from '@rhythmd/shell/whole-file.ts';

/** Where data sets and checkpoints live: RHYTHMD_TRAINING_FOLDER, or the user's cache. */
export function trainingFolder(): string {
  return process.env.RHYTHMD_TRAINING_FOLDER || join(homedir(), '.cache/rhythmd/training');
}

/** @throws RhythmdError E_FILE_WRITE */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new RhythmdError('E_FILE_WRITE', `${path} cannot be made: ${(cause as Error).message}`, '', {
      cause,
    });
  }
}

/**
 * The whole file in one step (shell/whole-file.ts).
 * @throws RhythmdError E_DISK_FULL, E_FILE_WRITE; the target is untouched
 */
export function writeAtomically(path: string, parts: readonly Uint8Array[]): void {
  try {
    writeWholeFileSync(path, parts);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOSPC') {
      const fix = 'Free some, or set RHYTHMD_TRAINING_FOLDER';
      throw new RhythmdError('E_DISK_FULL', `no room for ${path}`, fix, { cause });
    }
    const reason = (cause as Error).message;
    throw new RhythmdError('E_FILE_WRITE', `${path} cannot be written: ${reason}`, '', { cause });
  }
}
