/** One WFDB signal file: the interleaved samples of its signals, from any frame on. */
import type { RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import type { SignalFile } from '@rhythmd/ecg/wfdb/signal-files.ts';
import { findFormat, LOST_SAMPLE, type SignalFormat } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { RecordFile } from '../record-file.ts';

/** Frames decoded at once to come to a place in a file of differences. */
const SKIP_FRAMES = 4096;

export class SignalFileReader {
  readonly size: number;
  readonly #file: SignalFile;
  readonly #bytes: RecordFile;
  readonly #format: SignalFormat;
  readonly #header: RecordHeader;
  /** Values after frame `#at` of a file of differences, one a signal. */
  readonly #values: number[];
  #at = 0;

  /** @throws RhythmdError E_RECORD_READ, E_WFDB_UNSUPPORTED */
  constructor(path: string, file: SignalFile, header: RecordHeader) {
    this.#format = findFormat(file.format, header.name);
    this.#file = file;
    this.#header = header;
    this.#values = file.signals.map(() => 0);
    this.#bytes = new RecordFile(path);
    this.size = this.#bytes.size;
    this.#rewind();
  }

  /**
   * @param signals of the whole header: those of this file are filled
   * @param sums of the samples as stored are added to; null: nobody wants them
   */
  read(first: number, count: number, signals: readonly Int32Array[], sums: number[] | null): void {
    const { frameSamples, signals: places } = this.#file;
    const { invalid } = this.#format;
    const skews = places.map(({ skew }) => skew);
    const start = first + Math.min(...skews);
    const frames = count + Math.max(...skews) - Math.min(...skews);
    const stored = this.#format.differences ? this.#sumUp(start, frames) : this.#decode(start, frames);
    for (const { index, offset, samplesPerFrame, skew } of places) {
      const out = signals[index]!;
      let sum = 0;
      let from = (first + skew - start) * frameSamples + offset;
      for (let i = 0; i < out.length; from += frameSamples) {
        for (let k = 0; k < samplesPerFrame; k++, i++) {
          const at = from + k;
          if (at >= stored.length) continue;
          const value = stored[at]!;
          sum = (sum + value) | 0;
          out[i] = value === invalid ? LOST_SAMPLE : value;
        }
      }
      if (sums !== null) sums[index] = (sums[index]! + sum) | 0;
    }
  }

  close(): void {
    this.#bytes.close();
  }

  /** Interleaved values of what the file holds of these frames. */
  #decode(start: number, frames: number): Int32Array {
    const { byteOffset, frameSamples } = this.#file;
    const { groupSamples, groupBytes, samplesIn, decode } = this.#format;
    const sample = start * frameSamples;
    const group = Math.floor(sample / groupSamples);
    const before = sample - group * groupSamples;
    const wanted = before + frames * frameSamples;
    const length = Math.ceil(wanted / groupSamples) * groupBytes;
    const bytes = this.#bytes.read(byteOffset + group * groupBytes, length);
    const out = new Int32Array(Math.min(wanted, samplesIn(bytes.length)));
    decode(bytes, 0, out);
    return out.subarray(before);
  }

  /** The same of a file of differences, which is only right from its start on. */
  #sumUp(start: number, frames: number): Int32Array {
    if (start < this.#at) this.#rewind();
    while (this.#at < start) this.#accumulate(Math.min(SKIP_FRAMES, start - this.#at));
    return this.#accumulate(frames);
  }

  #accumulate(frames: number): Int32Array {
    const stored = this.#decode(this.#at, frames);
    const { frameSamples, signals } = this.#file;
    for (const [place, { offset, samplesPerFrame }] of signals.entries()) {
      let value = this.#values[place]!;
      for (let frame = offset; frame < stored.length; frame += frameSamples) {
        for (let at = frame; at < frame + samplesPerFrame && at < stored.length; at++) {
          value += stored[at]!;
          stored[at] = value;
        }
      }
      this.#values[place] = value;
    }
    this.#at += frames;
    return stored;
  }

  #rewind(): void {
    this.#at = 0;
    for (const [place, { index }] of this.#file.signals.entries()) {
      const { firstValue, adcZero } = this.#header.signals[index]!;
      this.#values[place] = firstValue ?? adcZero;
    }
  }
}
