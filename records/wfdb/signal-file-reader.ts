/** One WFDB signal file: the interleaved samples of its signals, from any frame on. */
import type { RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import type { SignalFile } from '@rhythmd/ecg/wfdb/signal-files.ts';
import { findFormat, LOST_SAMPLE, type SignalFormat } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { FlacSamples } from './flac-samples.ts';
import { PackedSamples } from './packed-samples.ts';
import type { StoredSamples } from './stored-samples.ts';

/** Frames decoded at once to come to a place in a file of differences. */
const SKIP_FRAMES = 4096;

export class SignalFileReader {
  readonly #file: SignalFile;
  readonly #stored: StoredSamples;
  readonly #format: SignalFormat;
  readonly #header: RecordHeader;
  /** Values after frame `#at` of a file of differences, one a signal. */
  readonly #values: number[];
  #at = 0;

  /** @throws RhythmdError E_RECORD_READ, E_WFDB_UNSUPPORTED, E_WFDB_FLAC */
  constructor(path: string, file: SignalFile, header: RecordHeader) {
    this.#format = findFormat(file.format, header.name);
    this.#file = file;
    this.#header = header;
    this.#values = file.signals.map(() => 0);
    const perFrame = file.signals.map(({ samplesPerFrame }) => samplesPerFrame);
    this.#stored = this.#format.isFlac
      ? new FlacSamples(path, this.#format, perFrame)
      : new PackedSamples(path, this.#format, file.byteOffset);
    this.#rewind();
  }

  /**
   * Whole frames of the record: the last ones of a file of skewed signals belong to some of them only.
   * null: the file does not say.
   */
  get frameCount(): number | null {
    const { count } = this.#stored;
    if (count === null) return null;
    const skewed = Math.min(...this.#file.signals.map(({ skew }) => skew));
    return Math.max(0, Math.floor(count / this.#file.frameSamples) - skewed);
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
    this.#stored.close();
  }

  /** Interleaved values of what the file holds of these frames. */
  #decode(start: number, frames: number): Int32Array {
    const { frameSamples } = this.#file;
    return this.#stored.read(start * frameSamples, frames * frameSamples);
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
