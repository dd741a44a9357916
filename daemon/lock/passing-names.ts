/** Names in a locked folder that are there for a moment: of a lock before it has its place, and of who puts it there. */
import { randomBytes } from 'node:crypto';
import { type BigIntStats, lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './lock-socket.ts';

const PASSING = /^\.(?:l[0-9a-f]{6}|o[0-9a-z]{1,13})$/;
/** What is younger may be somebody's who starts right now. */
const LEFT_AFTER_MS = 60_000n;

/** Of nobody yet. */
export function unusedName(folder: string): string {
  return join(folder, `.l${randomBytes(3).toString('hex')}`);
}

/** Of who replaces the file with this inode. */
export function replacingName(folder: string, inode: bigint): string {
  return join(folder, `.o${inode.toString(36)}`);
}

/** A link is what it is itself, wherever it leads. */
export function what(path: string): BigIntStats | undefined {
  return lstatSync(path, { throwIfNoEntry: false, bigint: true });
}

export function inodeOf(path: string): bigint | null {
  return what(path)?.ino ?? null;
}

/**
 * Removes what processes left that were killed while they took the lock.
 * @param nowMs the folder's own time, as a file says that was just made there: the clock may be set meanwhile
 */
export async function removeLeftNames(folder: string, nowMs: bigint): Promise<void> {
  for (const name of readdirSync(folder).filter((candidate) => PASSING.test(candidate))) {
    const path = join(folder, name);
    const found = what(path);
    if (found === undefined || distance(nowMs, found.mtimeMs) < LEFT_AFTER_MS) continue;
    if (found.isFile() || (found.isSocket() && !(await isAlive(path)))) rmSync(path, { force: true });
  }
}

function distance(a: bigint, b: bigint): bigint {
  return a < b ? b - a : a - b;
}
