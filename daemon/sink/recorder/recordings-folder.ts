/** The folder of recordings: what a crash left is tidied, what is oldest goes when space runs out. */
import { chmod, mkdir, readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { FOLDER_MODE } from '@rhythmd/shell/permissions.ts';
import { RECORDING_NAME } from './layout.ts';
import { type RecoveredRecordings, recordOf, recoverRecordings, removeAll } from './recover-recordings.ts';
import { COMPANIONS } from './redate.ts';

const EXTENSIONS = ['hea', 'dat', ...COMPANIONS] as const;

export class RecordingsFolder {
  readonly path: string;
  readonly #freeBytes: (path: string) => Promise<number>;

  constructor(path: string, freeBytes: (path: string) => Promise<number> = freeBytesOf) {
    this.path = path;
    this.#freeBytes = freeBytes;
  }

  /** Makes it, and mends what a crash left. @throws E_RECORDER_FOLDER */
  async open(): Promise<RecoveredRecordings> {
    try {
      await mkdir(this.path, { recursive: true, mode: FOLDER_MODE });
      // One that an earlier version made was open to everyone; where it is not ours to close, it stays as it is.
      await chmod(this.path, FOLDER_MODE).catch(() => {});
      return await recoverRecordings(this.path);
    } catch (cause) {
      throw new RhythmdError(
        'E_RECORDER_FOLDER',
        `recordings cannot be kept in ${this.path}: ${(cause as Error).message}`,
        'Make the folder writable or set recorder.folder',
        { cause },
      );
    }
  }

  freeBytes(): Promise<number> {
    return this.#freeBytes(this.path);
  }

  /** Recordings, oldest first, with the bytes of their files; also those that lost their header. */
  async recordings(): Promise<{ name: string; bytes: number }[]> {
    const names = (await readdir(this.path)).filter((name) => /\.(hea|dat)$/.test(name)).map(recordOf);
    const found: { name: string; bytes: number }[] = [];
    for (const name of [...new Set(names)].filter((candidate) => RECORDING_NAME.test(candidate)).sort()) {
      let bytes = 0;
      for (const extension of EXTENSIONS) {
        bytes += await stat(join(this.path, `${name}.${extension}`)).then(
          ({ size }) => size,
          () => 0,
        );
      }
      found.push({ name, bytes });
    }
    return found;
  }

  async remove(name: string): Promise<void> {
    await removeAll(join(this.path, name));
  }
}

async function freeBytesOf(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
