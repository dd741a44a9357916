/** The signal files of one WFDB header without segments, any stretch of frames at a time; checksums are compared on the way. */
import { dirname } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { signalFiles } from '@rhythmd/ecg/wfdb/signal-files.ts';
import { LOST_SAMPLE } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { fileBeside } from '../record-file.ts';
import type { Warn } from '../record-reader.ts';
import { SignalFileReader } from './signal-file-reader.ts';

export class SegmentReader {
  readonly header: RecordHeader;
  readonly frameCount: number;
  readonly #files: SignalFileReader[] = [];
  readonly #warn: Warn;
  readonly #name: string;
  /** Sums up to frame `#summed`, where everything was read in order; null once it was not. */
  readonly #sums: number[];
  #summed: number | null = 0;

  /**
   * @param path of the header, without extension
   * @throws RhythmdError E_RECORD_READ, E_RECORD_PATH, E_WFDB_TRUNCATED, E_WFDB_UNSUPPORTED, E_WFDB_HEADER, E_WFDB_FLAC
   */
  constructor(path: string, header: RecordHeader, warn: Warn) {
    this.header = header;
    this.#warn = warn;
    this.#name = path;
    this.#sums = header.signals.map(() => 0);
    let count = header.sampleCount ?? Number.POSITIVE_INFINITY;
    try {
      for (const file of signalFiles(header)) {
        const reader = new SignalFileReader(
          fileBeside(dirname(path), file.fileName, `${path}.hea`),
          file,
          header,
        );
        this.#files.push(reader);
        const held = reader.frameCount;
        if (held === null) continue;
        if (header.sampleCount === null) count = Math.min(count, held);
        else if (held < count) throw truncated(file.fileName, held, count);
      }
    } catch (error) {
      this.close();
      throw error;
    }
    this.frameCount = Number.isFinite(count) ? count : 0;
  }

  /** Samples as stored, `samplesPerFrame` of each signal for every frame. */
  read(first: number, count: number): Int32Array<ArrayBuffer>[] {
    const frames = Math.max(0, Math.min(count, this.frameCount - first));
    const signals = this.header.signals.map(({ samplesPerFrame }) =>
      new Int32Array(frames * samplesPerFrame).fill(LOST_SAMPLE),
    );
    if (this.#summed !== first) this.#summed = null;
    for (const file of this.#files)
      file.read(first, frames, signals, this.#summed === null ? null : this.#sums);
    if (this.#summed !== null) {
      this.#summed += frames;
      if (this.#summed === this.frameCount && frames > 0) this.#compareChecksums();
    }
    return signals;
  }

  close(): void {
    for (const file of this.#files) file.close();
  }

  /** Equal modulo 65,536: some writers give it signed, some not; 0 where it was never computed. */
  #compareChecksums(): void {
    // Without a count the file may have grown since the header was written: no sum is that of all samples then.
    if (this.header.sampleCount === null) return;
    for (const [index, { checksum, fileName, skew }] of this.header.signals.entries()) {
      if (checksum === null || checksum === 0 || skew !== 0 || fileName === '~') continue;
      const sum = (this.#sums[index]! << 16) >> 16;
      if (((sum - checksum) & 0xffff) === 0) continue;
      this.#warn(
        `${this.#name}: the samples of signal ${index} in ${fileName} sum to ${sum}, the header says ${checksum}: the file may be damaged`,
      );
    }
  }
}

function truncated(fileName: string, held: number, count: number): RhythmdError {
  return new RhythmdError(
    'E_WFDB_TRUNCATED',
    `${fileName} holds ${held} of the ${count} samples its header announces`,
    'The signal file is cut off; fetch or copy it again',
  );
}
