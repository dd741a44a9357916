/**
 * One daemon to a folder of state: two would write over each other's outbox and tidy away each other's recordings. Two locks,
 * for what each cannot do: a socket in the folder (folder-lock.ts) and an abstract name (abstract-lock.ts).
 */
import { mkdirSync, realpathSync } from 'node:fs';
import { FOLDER_MODE } from '@rhythmd/shell/permissions.ts';
import { claimAbstract } from './abstract-lock.ts';
import { busy } from './busy.ts';
import { FolderLock } from './folder-lock.ts';
import { secretOf } from './lock-secret.ts';

export class StateLock {
  readonly #releases: (() => void)[] = [];

  private constructor() {}

  /**
   * Takes all or none. A folder that cannot be made is not locked: whoever wants to write there says so.
   * @throws E_STATE_BUSY
   */
  static async take(folders: readonly string[]): Promise<StateLock> {
    const lock = new StateLock();
    try {
      for (const folder of new Set(folders.flatMap(madeFolder))) await lock.#take(folder);
      return lock;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  release(): void {
    for (const release of this.#releases.splice(0)) release();
  }

  async #take(folder: string): Promise<void> {
    const secret = secretOf(folder);
    const { server, holder } = await claimAbstract(folder, secret);
    if (server !== null) this.#releases.push(() => server.close());
    if (holder?.knowsSecret) throw busy(folder, holder);
    const inFolder = await FolderLock.claim(folder, secret);
    if (inFolder !== null) this.#releases.push(() => inFolder.release());
    // A name that anybody may have claimed decides only where nothing else does.
    else if (holder !== null) throw busy(folder, holder);
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
