/** The files of one lane, oldest first; the last one is appended to. */

import type { Lane, OutboxMessage } from './message.ts';
import { Segment } from './segment.ts';

/** A file is closed at this size: small enough to be deleted often, large enough for an SD card's blocks. */
export const SEGMENT_BYTES = 256 * 1024;

export class LaneLog {
  readonly lane: Lane;
  readonly segments: Segment[];
  readonly #folder: string;
  /** The file that is appended to; null until the first message. */
  #active: Segment | null = null;
  /** Written since the last sync. */
  #dirty: Segment[] = [];

  constructor(folder: string, lane: Lane, recovered: Segment[]) {
    this.#folder = folder;
    this.lane = lane;
    this.segments = recovered;
  }

  get bytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  get pending(): number {
    return this.segments.reduce((sum, segment) => sum + segment.pending, 0);
  }

  get dirty(): boolean {
    return this.#dirty.length > 0;
  }

  /**
   * Appends messages (at least one) as one write. Rejects with what the disk says; nothing is stored then.
   * @param nowMs by the clock that nobody sets
   */
  async append(messages: readonly OutboxMessage[], frames: readonly Buffer[], nowMs: number): Promise<void> {
    // The full file is synced and closed with the next sync: nothing waits for it here.
    if (this.#active && this.#active.bytes >= SEGMENT_BYTES) this.#active = null;
    const first = messages[0]?.sequence ?? 0;
    if (this.#active === null) {
      this.#active = await Segment.create(this.#folder, this.lane, first);
      this.segments.push(this.#active);
    }
    const segment = this.#active;
    try {
      await segment.append(frames);
    } catch (error) {
      // The next attempt begins a new file: what is wrong may be wrong with this one.
      this.#active = null;
      if (segment.bytes === 0) await this.remove(segment).catch(() => {});
      throw error;
    }
    segment.last = messages.at(-1)?.sequence ?? segment.last;
    segment.pending += messages.length;
    segment.writtenMs = nowMs;
    if (!this.#dirty.includes(segment)) this.#dirty.push(segment);
  }

  async sync(): Promise<void> {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const segment of dirty) {
      await segment.sync();
      if (segment !== this.#active) await segment.close();
    }
  }

  /** The broker has this message. @returns whether there is a file to be deleted now */
  acknowledge(sequence: number): boolean {
    const segment = this.segments.find(({ first, last }) => first <= sequence && sequence <= last);
    if (!segment || segment.pending === 0) return false;
    segment.pending--;
    return segment.pending === 0 && segment !== this.#active;
  }

  /** Deletes the files whose messages have all been acknowledged. */
  async clear(): Promise<void> {
    for (const segment of this.segments.filter(({ pending }) => pending === 0)) {
      if (segment !== this.#active) await this.remove(segment);
    }
  }

  /** Gives up the oldest file. @returns the messages lost with it; null when there is no file */
  async dropOldest(): Promise<number | null> {
    const oldest = this.segments[0];
    if (!oldest) return null;
    await this.remove(oldest);
    return oldest.pending;
  }

  /** Files that somebody took away, no longer ours: what was in them is elsewhere or lost. */
  async forgetTaken(): Promise<Segment[]> {
    const taken: Segment[] = [];
    for (const segment of [...this.segments]) {
      if (!(await segment.isTaken())) continue;
      taken.push(segment);
      await this.remove(segment);
    }
    return taken;
  }

  async remove(segment: Segment): Promise<void> {
    if (segment === this.#active) this.#active = null;
    this.#dirty = this.#dirty.filter((other) => other !== segment);
    const index = this.segments.indexOf(segment);
    if (index >= 0) this.segments.splice(index, 1);
    await segment.remove();
  }

  /** Syncs and closes all files; what is in none of them unacknowledged is deleted. */
  async close(): Promise<void> {
    this.#active = null;
    await this.sync();
    for (const segment of [...this.segments]) {
      if (segment.pending === 0) await this.remove(segment);
      else await segment.close();
    }
  }
}
