/** A whole file in one step: whoever opens it, even after a crash, finds the old one or the new one. */
import { open, rename } from 'node:fs/promises';

/** Leftovers of a crash end in this; they are removed at the next start. */
export const TEMPORARY_SUFFIX = '.tmp';

/** Patient data: for nobody else on the machine. */
export const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;

/** @param sync wait until the bytes are on the disk before they get the name */
export async function replaceFile(path: string, content: Uint8Array | string, sync: boolean): Promise<void> {
  const temporary = path + TEMPORARY_SUFFIX;
  const file = await open(temporary, 'w', FILE_MODE);
  try {
    await file.writeFile(content);
    if (sync) await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
