/** Keeps room on the disk: the oldest recordings go first; with none left to go, recording pauses. */
import { MEGABYTE } from '@rhythmd/shell/megabyte.ts';
import type { Logger } from '../../log/logger.ts';
import type { RecordingsFolder } from './recordings-folder.ts';

const CHECK_EVERY_MS = 10_000;

export interface DiskSpaceOptions {
  readonly minFreeBytes: number;
  /** All recordings together. */
  readonly maxBytes: number;
  readonly log: Logger;
  /** A clock that nobody sets. */
  readonly monotonicMs: () => number;
}

export class DiskSpace {
  readonly #folder: RecordingsFolder;
  readonly #options: DiskSpaceOptions;
  #nextCheckMs = Number.NEGATIVE_INFINITY;
  #isFull = false;
  #deleted = 0;

  constructor(folder: RecordingsFolder, options: DiskSpaceOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** No room, and nothing left that could go. */
  get isFull(): boolean {
    return this.#isFull;
  }

  get deleted(): number {
    return this.#deleted;
  }

  /**
   * At most every ten seconds; call it as often as you like.
   * @param inUse the recording that is being written, and must not go
   */
  async check(inUse: string | null): Promise<void> {
    const { monotonicMs, log } = this.#options;
    if (monotonicMs() < this.#nextCheckMs) return;
    this.#nextCheckMs = monotonicMs() + CHECK_EVERY_MS;
    const wasFull = this.#isFull;
    this.#isFull = !(await this.#makeRoom(inUse));
    if (this.#isFull && !wasFull) {
      log.error('the disk is full and no older recording can go: recording pauses, alerts are kept');
    }
    if (!this.#isFull && wasFull) log.info('there is room again: recording goes on');
  }

  async #makeRoom(inUse: string | null): Promise<boolean> {
    const { minFreeBytes, maxBytes, log } = this.#options;
    let free = await this.#folder.freeBytes();
    const recordings = await this.#folder.recordings();
    let total = recordings.reduce((sum, { bytes }) => sum + bytes, 0);
    // The newest stays: should something else have filled the disk, not all is given for nothing.
    for (const { name, bytes } of recordings.slice(0, -1)) {
      if (free >= minFreeBytes && total <= maxBytes) return true;
      if (name === inUse) continue;
      await this.#folder.remove(name);
      this.#deleted++;
      total -= bytes;
      free = await this.#folder.freeBytes();
      log.warn(
        `recording ${name} deleted to make room: ${Math.round(free / MEGABYTE)} MB free, ` +
          `${Math.round(total / MEGABYTE)} MB of recordings`,
      );
    }
    return free >= minFreeBytes;
  }
}
