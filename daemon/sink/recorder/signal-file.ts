/**
 * The signals of a recording, appended; and the header that says how many of them there are. The header is there
 * before the first sample, without a count (header(5): as many as the file holds), and is replaced whole once, at the
 * end, with the count and the checksums: an SD card is not worn by headers. What a crash left without a count is counted
 * at the next start (recover-recordings.ts).
 */
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { formatHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { findFormat } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { FILE_MODE } from '@rhythmd/shell/permissions.ts';
import { writeWholeFile } from '@rhythmd/shell/whole-file.ts';
import { headerOf, type Layout } from './layout.ts';

const FORMAT = findFormat(16, 'recording');

export class SignalFile {
  #path: string;
  #name: string;
  #startMs: number;
  /** What came to be known of this recording alone. */
  #notes: readonly string[] = [];
  readonly #layout: Layout;
  readonly #sync: boolean;
  readonly #firstValues: Int16Array;
  /** Signed 16-bit sums: they wrap as the header's do. */
  readonly #checksums: Int16Array;
  #file: FileHandle | null = null;
  #sampleCount = 0;
  /** Written, but perhaps not on the disk. */
  #isDirty = false;
  #isCounted = true;

  /** @param path without extension */
  constructor(path: string, name: string, startMs: number, layout: Layout, sync: boolean) {
    this.#path = path;
    this.#name = name;
    this.#startMs = startMs;
    this.#layout = layout;
    this.#sync = sync;
    this.#firstValues = new Int16Array(layout.leads.length);
    this.#checksums = new Int16Array(layout.leads.length);
  }

  async create(): Promise<void> {
    // wx: never into a recording that is there already.
    this.#file = await open(`${this.#path}.dat`, 'wx', FILE_MODE);
    try {
      await this.#writeHeader(0, this.#checksums, this.#firstValues);
    } catch (error) {
      await this.#discard();
      throw error;
    }
  }

  /** Its files were renamed: the clock was set. @param notes for the header */
  moved(path: string, name: string, startMs: number, notes: readonly string[]): void {
    this.#path = path;
    this.#name = name;
    this.#startMs = startMs;
    this.#notes = notes;
  }

  /**
   * @param interleaved whole frames, one value per lead
   * @param durable whether to wait until the disk has them, and what was written before
   * @returns bytes written
   * @throws what the disk says; call again with the same frames
   */
  async append(interleaved: Int16Array, durable: boolean): Promise<number> {
    if (this.#file === null) return 0;
    let written = 0;
    if (interleaved.length > 0) {
      const leads = this.#layout.leads.length;
      const bytes = new Uint8Array(FORMAT.bytesFor(interleaved.length));
      FORMAT.encode!(interleaved, bytes);
      await writeAll(this.#file, bytes, FORMAT.bytesFor(this.#sampleCount * leads));
      for (let i = 0; i < interleaved.length; i++) this.#checksums[i % leads]! += interleaved[i]!;
      if (this.#sampleCount === 0) this.#firstValues.set(interleaved.subarray(0, leads));
      this.#sampleCount += interleaved.length / leads;
      this.#isDirty = true;
      this.#isCounted = false;
      written = bytes.length;
    }
    if (durable) await this.#settle();
    return written;
  }

  /** The recording is whole: its header counts the samples. @returns bytes written. @throws what the disk says; call again */
  async finish(): Promise<number> {
    if (this.#isCounted) return 0;
    await this.#settle();
    const bytes = await this.#writeHeader(this.#sampleCount, this.#checksums, this.#firstValues);
    this.#isCounted = true;
    return bytes;
  }

  /** Samples may go on into a file that somebody deleted: whether it is there is looked at as often as the disk is waited for. */
  async #settle(): Promise<void> {
    if (!this.#isDirty) return;
    await stat(`${this.#path}.dat`);
    if (this.#sync) await this.#file?.datasync();
    this.#isDirty = false;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  /** Nothing was written: nothing stays. */
  async #discard(): Promise<void> {
    await this.close();
    for (const extension of ['hea', 'dat']) await rm(`${this.#path}.${extension}`, { force: true });
  }

  /** @param sampleCount 0: as many as the file holds. @returns bytes written */
  async #writeHeader(sampleCount: number, checksums: Int16Array, firstValues: Int16Array): Promise<number> {
    const layout = { ...this.#layout, comments: [...this.#layout.comments, ...this.#notes] };
    const written = { sampleCount, checksums, firstValues };
    const text = formatHeader(headerOf(this.#name, this.#startMs, layout, written));
    await writeWholeFile(`${this.#path}.hea`, text, { mode: FILE_MODE, sync: this.#sync });
    return text.length;
  }
}

/** A disk may take less than it was given. */
async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
