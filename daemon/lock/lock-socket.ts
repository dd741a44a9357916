/**
 * A listening socket that holds a lock and says for whom. The kernel lets go of one the moment its process dies, however it
 * dies: nothing stale is left to be judged by age or by a process number that somebody else has by now, and no native code is
 * needed (Node knows no flock).
 *
 * Whoever finds it taken sends a number of its own and hears `PROCESS PROOF`, the process at once and then the number's
 * HMAC-SHA-256 under the folder's secret: only who may read the folder can say it. One that was stopped says nothing.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';

/** Long enough for a busy machine to answer; the holder only has to say who it is. */
const ANSWER_WITHIN_MS = 500;
/** So many who ask at once are answered. */
const MAX_QUESTIONS = 8;
const NUMBER_LETTERS = 32;
/** A process, a space and a proof are 75. */
const MAX_ANSWER_LETTERS = 128;
/** What asking is told where nobody listens: there is nothing, or what a dead process left, or no socket of this kind. */
const NOBODY = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTSOCK', 'EPROTOTYPE']);

export interface Holder {
  /** Its number, as it says itself; empty when it said none in time. */
  readonly process: string;
  readonly knowsSecret: boolean;
  /** It is another user's, whom alone the kernel lets ask. */
  readonly isHidden: boolean;
}

/** @param secret empty: there is none. @returns the server, or why there can be none, as the system says it (EADDRINUSE, ...) */
export async function listen(name: string, secret: string): Promise<Server | string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy());
    socket.write(String(process.pid));
    socket.once('data', (number) => {
      socket.end(` ${proofOf(secret, number.toString('latin1', 0, NUMBER_LETTERS))}\n`, () =>
        socket.destroy(),
      );
    });
  });
  server.maxConnections = MAX_QUESTIONS;
  const failure = await new Promise<string | null>((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'EIO'));
    server.listen(name, () => resolve(null));
  });
  server.on('error', () => {});
  server.unref();
  return failure ?? server;
}

/** @returns null when nobody listens */
export function holderOf(name: string, secret: string): Promise<Holder | null> {
  const number = randomBytes(NUMBER_LETTERS / 2).toString('hex');
  return new Promise((resolve) => {
    let [said, isThere, isHidden] = ['', false, false];
    const socket = connect(name, () => {
      isThere = true;
    });
    const timer = setTimeout(() => socket.destroy(), ANSWER_WITHIN_MS);
    // One whose queue of questions is full is busy with answering.
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
      isThere ||= !NOBODY.has(code);
      isHidden = code === 'EACCES' || code === 'EPERM';
    });
    socket.on('data', (text) => {
      said = `${said}${text.toString('latin1')}`.slice(0, MAX_ANSWER_LETTERS);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      const [, process = '', proof = ''] = /^(\d{1,10})(?: ([0-9a-f]{64}))?\s*$/.exec(said) ?? [];
      const knowsSecret = secret !== '' && proof === proofOf(secret, number);
      resolve(isThere ? { process, knowsSecret, isHidden } : null);
    });
    socket.write(number);
  });
}

/** Whether somebody listens, as the kernel says it: nobody has to answer. */
export function isAlive(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(name, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(!NOBODY.has(code)));
  });
}

function proofOf(secret: string, number: string): string {
  return createHmac('sha256', secret).update(number).digest('hex');
}
