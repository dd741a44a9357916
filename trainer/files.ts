/** Where the trainer's files lie, and what is said when they cannot be written. */
import { mkdirSync, rmdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { writeWholeFileSync } from '@rhythmd/shell/whole-file.ts';

/** Where data sets and checkpoints live: RHYTHMD_TRAINING_FOLDER, or the user's cache. */
export function trainingFolder(): string {
  return process.env.RHYTHMD_TRAINING_FOLDER || join(homedir(), '.cache/rhythmd/training');
}

/** Those that this process made: the first that was missing of each path. */
const made = new Map<string, string>();

/** @throws RhythmdError E_FILE_WRITE */
export function makeFolder(path: string): void {
  try {
    const first = mkdirSync(path, { recursive: true });
    if (first !== undefined) made.set(resolve(path), resolve(first));
  } catch (cause) {
    throw new RhythmdError('E_FILE_WRITE', `${path} cannot be made: ${(cause as Error).message}`, '', {
      cause,
    });
  }
}

/**
 * The whole file in one step (shell/whole-file.ts).
 * @throws RhythmdError E_DISK_FULL, E_FILE_WRITE; the target is untouched, and no folder that was made for it stays
 */
export function writeAtomically(path: string, parts: readonly Uint8Array[]): void {
  try {
    writeWholeFileSync(path, parts);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOSPC') {
      removeIfEmpty(dirname(resolve(path)));
      const fix = 'Free some, or set RHYTHMD_TRAINING_FOLDER';
      throw new RhythmdError('E_DISK_FULL', `no room for ${path}`, fix, { cause });
    }
    const reason = (cause as Error).message;
    throw new RhythmdError('E_FILE_WRITE', `${path} cannot be written: ${reason}`, '', { cause });
  }
}

/** A folder that was made for a file that has no room: with those above it that were made with it, while they are empty. */
function removeIfEmpty(folder: string): void {
  const first = made.get(folder);
  if (first === undefined) return;
  try {
    for (let at = folder; at.length >= first.length; at = dirname(at)) rmdirSync(at);
    made.delete(folder);
  } catch {
    // Something else lies there.
  }
}
