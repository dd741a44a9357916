/**
 * One daemon to a folder of state: two would write over each other's outbox and tidy away each other's recordings.
 *
 * The lock is a listening socket, because the kernel lets go of one the moment its process dies, however it dies:
 * nothing stale is left to be judged by age or by a process number that somebody else has by now, and no native
 * code is needed (Node knows no flock). Two of them, for what each cannot do:
 *
 * - An abstract name made from the folder's device and inode: claimed in one step, on any file system, whatever path
 *   leads to the folder. It is seen only within one network namespace. A secret that lies in the folder is part of
 *   it, so that other users of the machine cannot claim it first. Node 18 makes the same empty name of every one: there
 *   it is done without.
 * - A socket in the folder itself, which a container beside us that mounts the same folder sees too. It gets its name by a
 *   link, which only one of many can make; one that a dead process left refuses connections and is put aside.
 */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { FILE_MODE, FOLDER_MODE } from '@rhythmd/shell/permissions.ts';

const SECRET_FILE = 'lock';
const SOCKET_FILE = 'lock.sock';
/** Names of sockets on this machine, abstract ones with an @. */
const SOCKETS_FILE = '/proc/net/unix';
/** Long enough for a busy machine to answer; the holder only has to say who it is. */
const ANSWER_WITHIN_MS = 500;
/** Of many that start at once, each may find one more dead or half made one. */
const MAX_ATTEMPTS = 8;
const SETTLED_AFTER_MS = 50;
/** So many who ask at once are answered. */
const MAX_QUESTIONS = 8;

export class StateLock {
  readonly #servers: Server[];
  readonly #sockets: readonly string[];

  private constructor(servers: Server[], sockets: readonly string[]) {
    this.#servers = servers;
    this.#sockets = sockets;
  }

  /**
   * Takes all or none. A folder that cannot be made is not locked: whoever wants to write there says so.
   * @throws E_STATE_BUSY
   */
  static async take(folders: readonly string[]): Promise<StateLock> {
    const servers: Server[] = [];
    const sockets: string[] = [];
    const lock = new StateLock(servers, sockets);
    try {
      for (const folder of new Set(folders.flatMap(madeFolder))) {
        servers.push(...(await claimAbstract(abstractName(folder), folder)));
        const claimed = await claimInFolder(folder);
        servers.push(...claimed);
        if (claimed.length > 0) sockets.push(join(folder, SOCKET_FILE));
      }
      return lock;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  release(): void {
    for (const server of this.#servers.splice(0)) server.close();
    for (const path of this.#sockets) rmSync(path, { force: true });
  }
}

/** The folder's own path, none when it cannot be had. */
function madeFolder(folder: string): string[] {
  try {
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    return [realpathSync(folder)];
  } catch {
    return [];
  }
}

function abstractName(folder: string): string {
  const { dev, ino } = statSync(folder);
  return `\0rhythmd-${dev}-${ino}-${secretOf(folder)}`;
}

/** Empty where nothing can be written: then nothing there needs a lock that a stranger cannot take either. */
function secretOf(folder: string): string {
  const path = join(folder, SECRET_FILE);
  try {
    writeFileSync(path, randomBytes(16).toString('hex'), { flag: 'wx', mode: FILE_MODE });
  } catch {
    // There is one, or there can be none.
  }
  try {
    chmodSync(path, FILE_MODE);
    return readFileSync(path, 'latin1')
      .replace(/[^0-9a-f]/g, '')
      .slice(0, 32);
  } catch {
    return '';
  }
}

/** @returns as `claim`; none where this engine cannot say the whole name (libuv before 1.46: it ends at its first zero) */
async function claimAbstract(name: string, folder: string): Promise<Server[]> {
  let claimed: Server[] = [];
  try {
    claimed = await claim(name, folder);
  } catch (error) {
    if (isClaimed(name)) throw error;
  }
  if (isClaimed(name)) return claimed;
  for (const server of claimed) server.close();
  return [];
}

/** By whomever; true where that cannot be seen. */
function isClaimed(name: string): boolean {
  try {
    return readFileSync(SOCKETS_FILE, 'latin1').includes(name.replace('\0', '@'));
  } catch {
    return true;
  }
}

/** @returns as `claim`. @throws E_STATE_BUSY */
async function claimInFolder(folder: string): Promise<Server[]> {
  const path = join(folder, SOCKET_FILE);
  const own = unusedName(folder);
  const servers = await claim(own, folder);
  const inode = inodeOf(own);
  // A path that is too long was cut, without a word: what listens there is somewhere else.
  if (inode === null) {
    for (const server of servers) server.close();
    return [];
  }
  try {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (isLinked(own, path)) {
        // Whoever saw the dead one that lay here, and puts aside what lies here now, puts it back at once.
        await sleep(SETTLED_AFTER_MS);
        if (inodeOf(path) === inode) return servers;
      }
      const holder = await holderOf(path);
      if (holder !== null) throw busy(folder, holder);
      await putAside(path, folder);
    }
    throw busy(folder, '');
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** No longer than the name of the lock: what a socket may be called is bounded. */
function unusedName(folder: string): string {
  return join(folder, `.l${randomBytes(3).toString('hex')}`);
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

/** Takes a dead one out of the way; one that was made alive since it was looked at goes back. */
async function putAside(path: string, folder: string): Promise<void> {
  const aside = unusedName(folder);
  try {
    renameSync(path, aside);
  } catch {
    // Somebody else did.
    return;
  }
  if ((await holderOf(aside)) !== null) {
    try {
      linkSync(aside, path);
    } catch {
      // There is another: the one that was put aside finds that out.
    }
  }
  rmSync(aside, { force: true });
}

function inodeOf(path: string): number | null {
  try {
    return statSync(path).ino;
  } catch {
    return null;
  }
}

/** @returns the server; none where such sockets do not exist (another system, a FAT disk, a path that is too long) */
async function claim(name: string, folder: string): Promise<Server[]> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy());
    socket.resume();
    socket.end(`${process.pid}\n`);
  });
  server.maxConnections = MAX_QUESTIONS;
  const code = await new Promise<string | null>((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    server.listen(name, () => resolve(null));
  });
  server.on('error', () => {});
  server.unref();
  if (code === null) return [server];
  if (code === 'EADDRINUSE') throw busy(folder, (await holderOf(name)) ?? '');
  return [];
}

/** The process that listens there, as it says itself; empty when it says nothing in time, null when nobody listens. */
function holderOf(name: string): Promise<string | null> {
  return new Promise((resolve) => {
    let [said, isThere] = ['', false];
    const socket = connect(name);
    const timer = setTimeout(() => socket.destroy(), ANSWER_WITHIN_MS);
    socket.on('connect', () => {
      isThere = true;
    });
    // One whose queue of questions is full is busy with answering.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      isThere ||= error.code === 'EAGAIN';
    });
    socket.on('data', (text) => {
      said = `${said}${text}`.slice(0, 16);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(isThere ? said.trim() : null);
    });
  });
}

function busy(folder: string, holder: string): RhythmdError {
  return new RhythmdError(
    'E_STATE_BUSY',
    `another daemon${/^\d+$/.test(holder) ? ` (process ${holder})` : ''} keeps its state in ${folder}`,
    'Stop it, or give this one folders of its own: outbox.folder and recorder.folder',
  );
}
