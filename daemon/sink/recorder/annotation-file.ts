/**
 * An annotation file that grows while it is being read, and that a crash at any moment leaves whole.
 *
 * Appending: the file always ends in its end mark, a word of zero. What follows goes behind that mark first,
 * where no reader looks, with a new end mark; then one word of two bytes overwrites the old mark and the rest
 * is there at once. An annotation that belongs further back (an alert tells its onset late) makes a new file in
 * the old one's place, every five minutes at most and at the end. A mark (signal quality, a gap) that is told while beats before
 * it are still being named waits for them, as long as that takes no longer than two waits for the disk: behind it they would be such.
 */
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationEncoder } from '@rhythmd/ecg/wfdb/annotation.ts';
import { isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { FILE_MODE } from '@rhythmd/shell/permissions.ts';
import { writeWholeFile } from '@rhythmd/shell/whole-file.ts';

/** An hour at 300 beats a minute is 18,000; beyond this the annotations are no patient's. */
const MAX_ANNOTATIONS = 100_000;

const END_MARK = [0, 0] as const;
/** Bytes within one page reach the disk together, whenever it pleases the system; others in any order. */
const PAGE_BYTES = 4096;

/**
 * Durable flushes of a file that is dirty for each wait for the disk: an SD card wears by waits, and what a power cut costs here
 * `analyze` makes again from the signals. Whole before and whole after it is in any case.
 */
const DURABLE_PER_WAIT = 4;

/** Durable flushes from one replacement to the next: five minutes as the recorder flushes. Alerts themselves are in their log at once. */
const DURABLE_PER_REWRITE = 40;

export class AnnotationFile {
  #path: string;
  readonly #sync: boolean;
  /** Everything, in time order. */
  readonly #list: Annotation[] = [];
  #file: FileHandle | null = null;
  #encoder = new AnnotationEncoder();
  /** Of `#list`, in the file (or on the way into it). */
  #written = 0;
  /** Bytes before the end mark. */
  #length = 0;
  /** Sample of the last beat. */
  #lastBeat = -1;
  /** Sample of the last annotation that there was when the disk was last waited for; no beat comes before the first sample. */
  #toldBefore = 0;
  /** Some of `#list` belong before what the file has. */
  #isOutOfOrder = false;
  /** A write failed half-way: nothing can be appended. */
  #isBroken = false;
  /** Written, but perhaps not on the disk. */
  #isDirty = false;
  /** Durable flushes since the disk was waited for. */
  #unsynced = 0;
  /** Durable flushes since the file was replaced. */
  #unordered = DURABLE_PER_REWRITE;
  #dropped = 0;

  constructor(path: string, sync: boolean) {
    this.#path = path;
    this.#sync = sync;
  }

  get dropped(): number {
    return this.#dropped;
  }

  async create(): Promise<void> {
    await writeWholeFile(this.#path, Uint8Array.from(END_MARK), { mode: FILE_MODE, sync: this.#sync });
    this.#file = await open(this.#path, 'r+');
  }

  /** It was renamed: the clock was set. */
  moved(path: string): void {
    this.#path = path;
  }

  /** Any order; it is in the file after the next flush, or, where it belongs before what is there, once the file is replaced. */
  add(annotation: Annotation): void {
    if (this.#list.length >= MAX_ANNOTATIONS) {
      this.#dropped++;
      return;
    }
    if (isBeatCode(annotation.code)) this.#lastBeat = Math.max(this.#lastBeat, annotation.sample);
    let place = this.#list.length;
    while (place > 0 && this.#list[place - 1]!.sample > annotation.sample) place--;
    this.#list.splice(place, 0, annotation);
    if (place < this.#written) {
      this.#written++;
      this.#isOutOfOrder = true;
    }
  }

  /**
   * One flush at a time.
   * @param durable whether what is out of order is put in order, and the disk is waited for (neither each time)
   * @param isLast nothing waits for beats that may still come, all is put in order, and the disk is waited for
   * @param toldUntil annotations behind this sample wait
   * @returns bytes written. @throws what the disk says; nothing is lost, flush again
   */
  async flush(durable: boolean, isLast = false, toldUntil = Number.POSITIVE_INFINITY): Promise<number> {
    if (this.#file === null) return 0;
    const count = isLast ? this.#list.length : this.#settled(toldUntil);
    if (durable) this.#toldBefore = this.#list.at(-1)?.sample ?? 0;
    if (durable) this.#unordered++;
    const isDue = isLast || (durable && this.#unordered > DURABLE_PER_REWRITE);
    if (this.#isBroken || (this.#isOutOfOrder && isDue)) return this.#rewrite(count);
    const bytes = await this.#append(this.#file, count);
    if (durable && this.#isDirty && (isLast || ++this.#unsynced >= DURABLE_PER_WAIT)) {
      if (this.#sync) await this.#file.datasync();
      this.#isDirty = false;
      this.#unsynced = 0;
    }
    return bytes;
  }

  /** How many have no beat to wait for. */
  #settled(toldUntil: number): number {
    const limit = Math.min(toldUntil, Math.max(this.#lastBeat, this.#toldBefore));
    let count = this.#list.length;
    while (count > this.#written && this.#list[count - 1]!.sample > limit) count--;
    return count;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  /** There is no recording to it: nothing stays. */
  async discard(): Promise<void> {
    await this.close();
    await rm(this.#path, { force: true });
  }

  async #append(file: FileHandle, count: number): Promise<number> {
    const before = this.#written;
    if (before === count) return 0;
    const bytes: number[] = [];
    for (const annotation of this.#list.slice(before, count)) this.#encoder.encode(annotation, bytes);
    bytes.push(...END_MARK);
    this.#written = count;
    try {
      await file.write(Uint8Array.from(bytes.slice(2)), 0, bytes.length - 2, this.#length + 2);
      this.#isDirty = true;
      // The rest must be there before the word that leads to it.
      if (this.#sync && pageOf(this.#length) !== pageOf(this.#length + bytes.length)) await file.datasync();
      await file.write(Uint8Array.from(bytes.slice(0, 2)), 0, 2, this.#length);
    } catch (error) {
      // The encoder is ahead of the file now: start again from a whole one.
      this.#isBroken = true;
      throw error;
    }
    this.#length += bytes.length - 2;
    return bytes.length;
  }

  async #rewrite(count: number): Promise<number> {
    const encoder = new AnnotationEncoder();
    const bytes: number[] = [];
    for (const annotation of this.#list.slice(0, count)) encoder.encode(annotation, bytes);
    const length = bytes.length;
    bytes.push(...END_MARK);
    this.#written = count;
    this.#isOutOfOrder = false;
    this.#isBroken = false;
    this.#unordered = 0;
    try {
      await writeWholeFile(this.#path, Uint8Array.from(bytes), { mode: FILE_MODE, sync: this.#sync });
      // The handle still held the file that was replaced.
      await this.#file?.close();
      this.#file = await open(this.#path, 'r+');
    } catch (error) {
      this.#isBroken = true;
      throw error;
    }
    this.#isDirty = false;
    this.#encoder = encoder;
    this.#length = length;
    return bytes.length;
  }
}

function pageOf(byte: number): number {
  return Math.floor(byte / PAGE_BYTES);
}
