/**
 * A secret that lies in a folder, for whoever may read the folder. It is part of the folder's abstract name, as a hash: those
 * names are shown to every user of the machine.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { FILE_MODE } from '@rhythmd/shell/permissions.ts';
import { unusedName } from './passing-names.ts';

const FILE = 'lock';
const SECRET = /^[0-9a-f]{32}$/;

/** Empty where none can be had: nothing can be written there, or what lies there is another user's. */
export function secretOf(folder: string): string {
  const path = join(folder, FILE);
  try {
    return read(path) ?? made(folder, path);
  } catch {
    return '';
  }
}

/** @returns null: there is none, or what a power cut left of it, or no file. @throws when it is another user's */
function read(path: string): string | null {
  let file: number;
  try {
    // Opening a FIFO waits for ever for its other end.
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENXIO'].includes(codeOf(error))) return null;
    throw error;
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile()) return null;
    // A copy that was brought back may be for everybody.
    if ((found.mode & 0o777) !== FILE_MODE) fchmodSync(file, FILE_MODE);
    const bytes = Buffer.alloc(64);
    const text = bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0));
    return SECRET.test(text) ? text : null;
  } finally {
    closeSync(file);
  }
}

/** Whole before it has its name; of many that make one at once all have the same. */
function made(folder: string, path: string): string {
  const own = unusedName(folder);
  try {
    const file = openSync(own, 'wx', FILE_MODE);
    try {
      writeSync(file, randomBytes(16).toString('hex'));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (!isLinked(own, path)) {
      const others = read(path);
      if (others !== null) return others;
      if (!lstatSync(path).isFile()) renameSync(path, `${path}.no-file-${randomBytes(3).toString('hex')}`);
      renameSync(own, path);
    }
    return read(path) ?? '';
  } finally {
    rmSync(own, { force: true });
  }
}

/** false: something lies there, or this file system knows no links. */
function isLinked(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch {
    return false;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
