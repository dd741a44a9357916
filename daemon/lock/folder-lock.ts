/**
 * A socket in the folder itself, which a container beside us that mounts the same folder sees too. It gets its name by a link,
 * which only one of many can make. One that a dead process left refuses connections, and another is put in its place.
 *
 * Between looking at a dead one and replacing it anything may happen: so who replaces it first takes a name made of its inode,
 * in the same way, and looks again. Nobody else replaces that one meanwhile, and a dead one does not come to life.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, constants, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { busy } from './busy.ts';
import { holderOf, isAlive, listen } from './lock-socket.ts';
import { inodeOf, removeLeftNames, replacingName, unusedName, what } from './passing-names.ts';

const FILE = 'lock.sock';
/** What a socket may be called, in bytes: Linux takes 107, macOS 103. libuv before 1.46 cuts what is longer, without a word. */
const MAX_NAME_BYTES = 103;
/** The longest name in the folder: of who replaces the one with the highest inode. */
const LONGEST = replacingName('', 2n ** 64n);
/** Whoever may reach the folder may ask who holds it: the folder's own permissions say who may. */
const MODE = 0o666;
/** Who replaces a dead one may be killed, and who replaces that one. */
const MAX_DEPTH = 4;
/** Somebody else who replaces a dead one has so many looks, a little longer each, to be done. */
const MAX_LOOKS = 10;
const PAUSE_MS = 10;

export class FolderLock {
  readonly #at: string;
  /** Its name until it has its place. */
  readonly #own: string;
  readonly #inode: bigint;
  readonly #close: () => void;

  private constructor(at: string, own: string, inode: bigint, close: () => void) {
    this.#at = at;
    this.#own = own;
    this.#inode = inode;
    this.#close = close;
  }

  /**
   * @returns null where there can be none (another system, a FAT disk, one that is full or read-only)
   * @throws E_STATE_BUSY
   */
  static async claim(folder: string, secret: string): Promise<FolderLock | null> {
    const way = shortWay(folder);
    if (way === null) return null;
    const own = unusedName(way.at);
    const server = await listen(own, secret);
    const close = () => {
      if (typeof server !== 'string') server.close();
      way.leave();
    };
    try {
      const found = what(own);
      if (typeof server === 'string' || found === undefined) throw new Error('no such sockets');
      chmodSync(own, MODE);
      const lock = new FolderLock(way.at, own, found.ino, close);
      await lock.#takePlace(folder, secret);
      await removeLeftNames(way.at, found.mtimeMs);
      return lock;
    } catch (error) {
      close();
      if (error instanceof RhythmdError) throw error;
      return null;
    } finally {
      removeQuietly(own);
    }
  }

  release(): void {
    // Before it dies: whoever finds it dead puts another in its place, which is not ours to remove.
    const path = join(this.#at, FILE);
    if (this.#isOurs(path)) removeQuietly(path);
    this.#close();
  }

  /** @throws E_STATE_BUSY; what the file system throws where it knows no links */
  async #takePlace(folder: string, secret: string): Promise<void> {
    const path = join(this.#at, FILE);
    for (let look = 0; look < MAX_LOOKS; look++) {
      if (await this.#take(path, 0)) return;
      const holder = what(path)?.isSocket() ? await holderOf(path, secret) : null;
      if (holder !== null) throw busy(folder, holder);
      await sleep(look * PAUSE_MS);
    }
    throw busy(folder, null);
  }

  /** @returns whether it is ours now; else somebody lives there, or has just been there */
  async #take(path: string, depth: number): Promise<boolean> {
    if (isLinked(this.#own, path)) return true;
    const inode = inodeOf(path);
    if (inode === null || depth > MAX_DEPTH || (await isLiving(path))) return false;
    const right = replacingName(this.#at, inode);
    if (!(await this.#take(right, depth + 1))) return false;
    try {
      if (inodeOf(path) !== inode || (await isLiving(path))) return false;
      if (what(path)?.isSocket()) this.#replace(path);
      else renameSync(path, `${path}.no-socket-${randomBytes(3).toString('hex')}`);
    } finally {
      removeQuietly(right);
    }
    return this.#isOurs(path) || isLinked(this.#own, path);
  }

  /** In one step: nobody finds the place empty. */
  #replace(path: string): void {
    const second = unusedName(this.#at);
    linkSync(this.#own, second);
    renameSync(second, path);
  }

  #isOurs(path: string): boolean {
    return inodeOf(path) === this.#inode;
  }
}

/** A way to the folder on which its sockets have names that are short enough; null: there is none. */
function shortWay(folder: string): { readonly at: string; readonly leave: () => void } | null {
  if (Buffer.byteLength(join(folder, LONGEST)) <= MAX_NAME_BYTES) return { at: folder, leave: () => {} };
  try {
    const file = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    return { at: `/proc/self/fd/${file}`, leave: () => closeSync(file) };
  } catch {
    return null;
  }
}

async function isLiving(path: string): Promise<boolean> {
  return what(path)?.isSocket() === true && (await isAlive(path));
}

/** In one step, and not where there is something. @throws what the file system throws where it knows no links */
function isLinked(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A disk that has become read-only.
  }
}
