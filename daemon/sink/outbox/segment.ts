/**
 * One file of the outbox: messages of one lane, appended, never changed, deleted whole. Its name holds its
 * first sequence: `beat-000000004812.seg`.
 */
import {
  copyFile,
  type FileHandle,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  truncate,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FILE_MODE, FOLDER_MODE } from '@rhythmd/shell/permissions.ts';
import { FILE_MAGIC, scanFrames } from './frame.ts';
import type { Lane } from './message.ts';

export interface SegmentFacts {
  readonly first: number;
  readonly last: number;
  /** Of the file, or of its valid part. */
  readonly bytes: number;
  readonly pending: number;
  /** When its newest message was written, by the clock that nobody sets. */
  readonly writtenMs: number;
}

/** What could not be read is kept under the file's name with this behind it, for whoever looks into the disk. */
export const ASIDE_SUFFIX = '.damaged';

export class Segment {
  readonly lane: Lane;
  readonly path: string;
  readonly first: number;
  /** Sequence of the last message; `first - 1` while there is none. */
  last: number;
  bytes: number;
  /** Messages the broker has not acknowledged. */
  pending: number;
  writtenMs: number;
  /** How often it could not be read. */
  readFailures = 0;
  #file: FileHandle | null;
  #nameSynced = false;

  private constructor(lane: Lane, path: string, facts: SegmentFacts, file: FileHandle | null) {
    this.lane = lane;
    this.path = path;
    this.first = facts.first;
    this.last = facts.last;
    this.bytes = facts.bytes;
    this.pending = facts.pending;
    this.writtenMs = facts.writtenMs;
    this.#file = file;
  }

  /**
   * A new file for appending; the folder is made again when somebody took it away. What lies under its name is never
   * written over. Rejects with what the disk says (ENOSPC, EROFS...).
   */
  static async create(folder: string, lane: Lane, first: number): Promise<Segment> {
    const path = join(folder, `${lane}-${String(first).padStart(12, '0')}.seg`);
    const file = await openNew(path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
      else if (error.code !== 'EEXIST') throw error;
      // It may be there, empty, from a run that died here.
      else if ((await stat(path)).size === 0) return open(path, 'r+');
      else await rename(path, path + ASIDE_SUFFIX);
      return openNew(path);
    });
    const facts = { first, last: first - 1, bytes: 0, pending: 0, writtenMs: 0 };
    return new Segment(lane, path, facts, file);
  }

  /**
   * An older run's file: counted, and cut where its last write did not complete. Where it is damaged its messages
   * are looked for, and a copy of it as it was stays beside it.
   * @param writtenMs from a message's wall time to the clock that nobody sets
   * @returns null when nothing in it can be read
   */
  static async recover(
    path: string,
    lane: Lane,
    acknowledged: number,
    writtenMs: (tMs: number) => number,
  ): Promise<RecoveredSegment> {
    const bytes = await readFile(path);
    const magic = bytes.subarray(0, FILE_MAGIC.length);
    const isOurs = magic.equals(FILE_MAGIC);
    let [first, last, pending, newestMs] = [0, 0, 0, 0];
    const scan = scanFrames(bytes, isOurs ? FILE_MAGIC.length : 0, lane, ({ sequence, tMs }) => {
      first ||= sequence;
      last = Math.max(last, sequence);
      if (sequence > acknowledged) pending++;
      newestMs = Math.max(newestMs, tMs);
      return true;
    });
    if (last === 0) return unreadable(path, bytes, isOurs ? scan.damaged : 0);
    // Without the magic the search began before the first message: that counts as damage of its own.
    if (scan.damaged > 0) await copyFile(path, path + ASIDE_SUFFIX);
    const torn = bytes.length - scan.end;
    if (torn > 0) await truncate(path, scan.end);
    const facts = { first, last, bytes: scan.end, pending, writtenMs: writtenMs(newestMs) };
    return { segment: new Segment(lane, path, facts, null), damaged: scan.damaged, torn };
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

  /** Whether its file has gone: the folder was taken away. */
  async isTaken(): Promise<boolean> {
    return stat(this.path).then(
      () => false,
      (error: NodeJS.ErrnoException) => error.code === 'ENOENT' || error.code === 'ENOTDIR',
    );
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }
}

function openNew(path: string): Promise<FileHandle> {
  return open(path, 'wx', FILE_MODE);
}

/** A file of another version is left alone; one of ours that was cut before its first message holds nothing. */
async function unreadable(path: string, bytes: Buffer, damaged: number): Promise<RecoveredSegment> {
  const isCut = bytes.length <= FILE_MAGIC.length && bytes.equals(FILE_MAGIC.subarray(0, bytes.length));
  if (damaged > 0) await rename(path, path + ASIDE_SUFFIX);
  else if (isCut || bytes.subarray(0, FILE_MAGIC.length).equals(FILE_MAGIC)) await rm(path);
  return { segment: null, damaged, torn: bytes.length };
}

/** A new name survives a power cut only when its folder is synced too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

export interface RecoveredSegment {
  /** null when nothing in it can be read. */
  readonly segment: Segment | null;
  /** Places where messages could not be read. */
  readonly damaged: number;
  /** Bytes of a message that was never completed. */
  readonly torn: number;
}

/** The lane and first sequence a file name says; null for anything that is not ours. */
export function parseName(name: string, lanes: readonly Lane[]): { lane: Lane; first: number } | null {
  const [, word, first] = /^([a-z]+)-(\d{12,15})\.seg$/.exec(name) ?? [];
  const lane = lanes.find((candidate) => candidate === word);
  return lane === undefined ? null : { lane, first: Number(first) };
}
