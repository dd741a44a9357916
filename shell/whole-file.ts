/**
 * A whole file in one step: whoever opens it, also after a crash or a loss of power, finds the old one or the new one. It
 * is written beside its name, flushed to the disk, and renamed.
 */
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Leftovers of a crash end in this; whoever owns the folder may remove them at its next start. */
export const TEMPORARY_SUFFIX = '.tmp';
/** Behind the name of the file. */
const LEFTOVER = /^\.\d+\.tmp$/;

export type Content = string | Uint8Array;

export interface WholeFileOptions {
  /** Permission bits of a new file; absent: what the process's mask leaves. */
  readonly mode?: number;
  /** false: the bytes may still be in memory when the name is theirs (a file that is renewed each second). */
  readonly sync?: boolean;
}

/**
 * @param parts written one after the other; a generator is asked for each when there is room for it
 * @throws what the file system or the generator throws; the file is as it was
 */
export function writeWholeFileSync(
  path: string,
  parts: Iterable<Content>,
  { mode = 0o666, sync = true }: WholeFileOptions = {},
): void {
  const temporary = temporaryOf(path);
  try {
    const file = openSync(temporary, 'w', mode);
    try {
      for (const part of parts) writeAll(file, typeof part === 'string' ? Buffer.from(part) : part);
      if (sync) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The same without holding up the program. One writer a path at a time. */
export async function writeWholeFile(
  path: string,
  content: Content,
  { mode = 0o666, sync = true }: WholeFileOptions = {},
): Promise<void> {
  const temporary = temporaryOf(path);
  try {
    const file = await open(temporary, 'w', mode);
    try {
      await file.writeFile(content);
      if (sync) await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Removes what writers of this file left that were killed. For whoever knows that nobody writes it now.
 * Never throws: what cannot be removed is in nobody's way.
 */
export function removeLeftovers(path: string): void {
  const [folder, name] = [dirname(path), basename(path)];
  try {
    for (const other of readdirSync(folder)) {
      const isOurs = other.startsWith(`${name}.`) && LEFTOVER.test(other.slice(name.length));
      if (isOurs) rmSync(join(folder, other), { force: true });
    }
  } catch {
    // No such folder, or a disk that has become read-only.
  }
}

/** Two processes that write the same file do not write into each other's. */
function temporaryOf(path: string): string {
  return `${path}.${process.pid}${TEMPORARY_SUFFIX}`;
}

function writeAll(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written);
}
