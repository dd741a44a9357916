/** The folder of recordings: what a crash left is tidied, what is oldest goes when space runs out. */
import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { RECORDING_NAME } from './layout.ts';
import { TEMPORARY_SUFFIX } from './replace-file.ts';

const EXTENSIONS = ['hea', 'dat', 'atr'] as const;

export class RecordingsFolder {
  readonly path: string;
  readonly #freeBytes: (path: string) => Promise<number>;

  constructor(path: string, freeBytes: (path: string) => Promise<number> = freeBytesOf) {
    this.path = path;
    this.#freeBytes = freeBytes;
  }

  /** Makes it, and removes what a crash left: half-written replacements, files that never got a header. */
  async open(): Promise<void> {
    await mkdir(this.path, { recursive: true });
    const names = await readdir(this.path);
    const headers = new Set(names.filter((name) => name.endsWith('.hea')).map(recordOf));
    for (const name of names) {
      const isLeftover = name.endsWith(TEMPORARY_SUFFIX) && RECORDING_NAME.test(recordOf(name));
      const isOrphan =
        /\.(dat|atr)$/.test(name) && RECORDING_NAME.test(recordOf(name)) && !headers.has(recordOf(name));
      if (isLeftover || isOrphan) await rm(join(this.path, name), { force: true });
    }
  }

  freeBytes(): Promise<number> {
    return this.#freeBytes(this.path);
  }

  /** Complete recordings, oldest first, with the bytes of their files. */
  async recordings(): Promise<{ name: string; bytes: number }[]> {
    const names = (await readdir(this.path)).filter((name) => name.endsWith('.hea')).map(recordOf);
    const found: { name: string; bytes: number }[] = [];
    for (const name of names.filter((candidate) => RECORDING_NAME.test(candidate)).sort()) {
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

  /** The header first: without it the rest is no recording, should a crash come between. */
  async remove(name: string): Promise<void> {
    for (const extension of EXTENSIONS) await rm(join(this.path, `${name}.${extension}`), { force: true });
  }
}

function recordOf(name: string): string {
  return name.split('.')[0] ?? name;
}

async function freeBytesOf(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
