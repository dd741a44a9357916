/**
 * An abstract name made from a folder's device and inode: claimed in one step, on any file system, whatever path leads to the
 * folder. It is seen only within one network namespace, and by every user there: who saw it once can claim it the moment its
 * holder ends. So whoever holds it must prove to know the folder's secret. Node 18 makes the same empty name of every one:
 * there it is done without.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:net';
import { type Holder, holderOf, listen } from './lock-socket.ts';

/** Names of sockets on this machine, abstract ones with an @. */
const SOCKETS_FILE = '/proc/net/unix';

export interface AbstractClaim {
  /** null: the name cannot be had. */
  readonly server: Server | null;
  /** Who has it instead; null: nobody, as this system knows no such names. */
  readonly holder: Holder | null;
}

const NONE: AbstractClaim = { server: null, holder: null };

export async function claimAbstract(folder: string, secret: string): Promise<AbstractClaim> {
  const name = nameOf(folder, secret);
  const server = await listen(name, secret);
  if (!isClaimed(name)) {
    // libuv before 1.46 ends the name at its first zero.
    if (typeof server !== 'string') server.close();
    return NONE;
  }
  if (typeof server !== 'string') return { server, holder: null };
  return server === 'EADDRINUSE' ? { server: null, holder: await holderOf(name, secret) } : NONE;
}

function nameOf(folder: string, secret: string): string {
  const { dev, ino } = statSync(folder);
  const known = createHash('sha256').update(secret).digest('hex').slice(0, 32);
  return `\0rhythmd-${dev}-${ino}-${known}`;
}

/** By whomever; true where that cannot be seen. */
function isClaimed(name: string): boolean {
  try {
    return readFileSync(SOCKETS_FILE, 'latin1').includes(name.replace('\0', '@'));
  } catch {
    return true;
  }
}
