/**
 * A file of a record, read in pieces. Its name often comes out of a header that somebody else wrote, so it has to be a
 * regular file inside the record's own folder: a header must not make the daemon read `/etc/shadow` or hang on a pipe.
 */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

export class RecordFile {
  readonly path: string;
  readonly size: number;
  #descriptor: number | null;

  /** @throws RhythmdError E_RECORD_READ */
  constructor(path: string) {
    this.path = path;
    try {
      assertRegular(path);
      // A pipe put there since then would not be waited for.
      this.#descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      this.size = fstatSync(this.#descriptor).size;
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }

  get name(): string {
    return basename(this.path);
  }

  /** What of these bytes the file holds: fewer at its end. @throws RhythmdError E_RECORD_READ */
  read(position: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - position)));
    let done = 0;
    try {
      while (done < bytes.length) {
        const count = readSync(this.#descriptor!, bytes, done, bytes.length - done, position + done);
        if (count === 0) break;
        done += count;
      }
    } catch (cause) {
      throw unreadable(this.path, cause);
    }
    return bytes.subarray(0, done);
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

/** Headers and annotations are small; more is no such file, and would not fit a small computer's memory. */
const MAX_WHOLE_FILE_BYTES = 64 * 1024 * 1024;

/** A whole small file: a header, annotations. @throws RhythmdError E_RECORD_READ */
export function readRecordFile(path: string): Buffer {
  try {
    assertRegular(path);
    if (statSync(path).size > MAX_WHOLE_FILE_BYTES) throw new Error('it is too large for what it should be');
    return readFileSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/**
 * The path of a file that a header in `folder` names.
 * @throws RhythmdError E_RECORD_PATH when it would lie outside
 */
export function fileBeside(folder: string, fileName: string, header: string): string {
  const path = join(folder, fileName);
  if (isAbsolute(fileName) || !isInside(folder, path) || !isInside(realOf(folder), realOf(path))) {
    throw new RhythmdError(
      'E_RECORD_PATH',
      `${header} names ${JSON.stringify(fileName)}, which is not in the record's folder`,
      'Put the file beside its header, and its bare name into it',
    );
  }
  return path;
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !isAbsolute(way) && way !== '..' && !way.startsWith('../') && !way.startsWith('..\\');
}

/** Where links lead; a path without a file stays what it is, for the reader to say that nothing is there. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    try {
      return join(realpathSync(dirname(path)), basename(path));
    } catch {
      return path;
    }
  }
}

function assertRegular(path: string): void {
  if (!statSync(path).isFile()) throw new Error('it is no regular file');
}

function unreadable(path: string, cause: unknown): RhythmdError {
  const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  return new RhythmdError(
    'E_RECORD_READ',
    missing ? `there is no ${path}` : `${path} cannot be read: ${(cause as Error).message}`,
    missing ? 'The record is incomplete; fetch or copy it again' : '',
    { cause },
  );
}
