/** Files that are either the old or the new one, whatever happens while they are written. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

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
 * Writes beside the target, flushes to disk, renames.
 * @throws RhythmdError E_DISK_FULL, E_FILE_WRITE; the target is untouched
 */
export function writeAtomically(path: string, parts: readonly Uint8Array[]): void {
  const temporary = `${path}.${process.pid}.part`;
  try {
    const file = openSync(temporary, 'w');
    try {
      for (const part of parts) writeAll(file, part);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    if ((cause as NodeJS.ErrnoException).code === 'ENOSPC') {
      throw new RhythmdError(
        'E_DISK_FULL',
        `no room for ${path}`,
        'Free some, or set RHYTHMD_TRAINING_FOLDER',
        {
          cause,
        },
      );
    }
    throw new RhythmdError('E_FILE_WRITE', `${path} cannot be written: ${(cause as Error).message}`, '', {
      cause,
    });
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written);
}
