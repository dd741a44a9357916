/**
 * One file of the outbox: messages of one lane, appended, never changed, deleted whole. Its name holds its
 * first sequence: `beat-000000004812.seg`.
 */
import { type FileHandle, open, readFile, truncate, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FILE_MAGIC, scanFrames } from './frame.ts';
import type { Lane } from './message.ts';

export interface SegmentFacts {
  readonly first: number;
  readonly last: number;
  /** Of the file, or of its valid part. */
  readonly bytes: number;
  readonly pending: number;
  readonly newestMs: number;
}

export class Segment {
  readonly lane: Lane;
  readonly path: string;
  readonly first: number;
  /** Sequence of the last message; `first - 1` while there is none. */
  last: number;
  bytes: number;
  /** Messages the broker has not acknowledged. */
  pending: number;
  newestMs: number;
  #file: FileHandle | null;
  #nameSynced = false;

  private constructor(lane: Lane, path: string, facts: SegmentFacts, file: FileHandle | null) {
    this.lane = lane;
    this.path = path;
    this.first = facts.first;
    this.last = facts.last;
    this.bytes = facts.bytes;
    this.pending = facts.pending;
    this.newestMs = facts.newestMs;
    this.#file = file;
  }

  /** A new file for appending. Rejects with what the disk says (ENOSPC, EROFS...). */
  static async create(folder: string, lane: Lane, first: number): Promise<Segment> {
    const path = join(folder, `${lane}-${String(first).padStart(12, '0')}.seg`);
    // It may be there, empty, from a run that died here.
    const file = await open(path, 'w');
    const facts = { first, last: first - 1, bytes: 0, pending: 0, newestMs: 0 };
    return new Segment(lane, path, facts, file);
  }

  /**
   * An older run's file: counted, and cut where its last write did not complete.
   * @returns null when nothing in it can be read
   */
  static async recover(path: string, lane: Lane, acknowledged: number): Promise<RecoveredSegment | null> {
    const bytes = await readFile(path);
    const magic = bytes.subarray(0, FILE_MAGIC.length);
    // Another version's file is left alone; one that was cut within its magic holds nothing.
    if (!magic.equals(FILE_MAGIC.subarray(0, magic.length))) return null;
    let [first, last, pending, newestMs] = [0, 0, 0, 0];
    const { end, damaged } = scanFrames(bytes, FILE_MAGIC.length, lane, ({ sequence, tMs }) => {
      first ||= sequence;
      last = sequence;
      if (sequence > acknowledged) pending++;
      newestMs = Math.max(newestMs, tMs);
      return true;
    });
    if (last === 0) {
      await unlink(path);
      return null;
    }
    const torn = bytes.length - end;
    if (torn > 0) await truncate(path, end);
    const segment = new Segment(lane, path, { first, last, bytes: end, pending, newestMs }, null);
    return { segment, damaged, torn };
  }

  /** Appends whole frames in one write. When the disk takes a part only, that part is cut off again. */
  async append(frames: readonly Buffer[]): Promise<void> {
    const file = this.#file;
    if (file === null) throw new Error(`${this.path} is closed`);
    const bytes = Buffer.concat(this.bytes === 0 ? [FILE_MAGIC, ...frames] : frames);
    let written = 0;
    try {
      while (written < bytes.length) {
        const { bytesWritten } = await file.write(
          bytes,
          written,
          bytes.length - written,
          this.bytes + written,
        );
        written += bytesWritten;
      }
    } catch (error) {
      // Recovery would cut it too, but later frames may come behind it.
      await file.truncate(this.bytes).catch(() => {});
      throw error;
    }
    this.bytes += bytes.length;
  }

  /** Waits until the disk has it, which may take seconds on a busy card. */
  async sync(): Promise<void> {
    await this.#file?.datasync();
    if (!this.#nameSynced) await syncFolder(dirname(this.path));
    this.#nameSynced = true;
  }

  async read(): Promise<Buffer> {
    return readFile(this.path);
  }

  /** No more is appended; it can still be read. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await unlink(this.path);
  }
}

/** A new name survives a power cut only when its folder is synced too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

export interface RecoveredSegment {
  readonly segment: Segment;
  /** Messages with a wrong checksum. */
  readonly damaged: number;
  /** Bytes of a message that was never completed. */
  readonly torn: number;
}

/** The lane a file name says; null for anything that is not ours. */
export function laneOfName(name: string, lanes: readonly Lane[]): Lane | null {
  const match = /^([a-z]+)-\d{12,}\.seg$/.exec(name);
  return lanes.find((lane) => lane === match?.[1]) ?? null;
}
