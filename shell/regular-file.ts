/**
 * A FIFO, a device or a folder where a file of ours should be: opening a FIFO waits for ever for its other end, and so
 * does whoever waits for the file.
 */
import { statSync } from 'node:fs';
import { rename, stat } from 'node:fs/promises';

/** @returns false also where there is nothing */
export function isRegularFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * Moves whatever lies at a path of ours and is no file to `PATH.no-file`, so that a file can be made there.
 * @returns the size of the file that is there; 0 when there is none
 */
export async function sizeOrMakeRoom(path: string): Promise<number> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return 0;
  if (found.isFile()) return found.size;
  await rename(path, `${path}.no-file`);
  return 0;
}
