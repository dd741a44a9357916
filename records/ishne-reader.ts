/** An ISHNE Holter file. */
import { basename } from 'node:path';
import { ISHNE_HEADER_BYTES, type IshneHeader, parseIshneHeader } from '@rhythmd/ecg/ishne/ishne-header.ts';
import type { RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { findFormat, LOST_SAMPLE } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { RecordFile } from './record-file.ts';
import { leadNamesOf, type RecordReader } from './record-reader.ts';

const FORMAT = findFormat(16, 'ISHNE');

export class IshneReader implements RecordReader {
  readonly name: string;
  readonly path: string;
  readonly container = 'ISHNE';
  readonly header: RecordHeader;
  readonly rateHz: number;
  readonly sampleCount: number;
  readonly leadNames: readonly string[];
  readonly annotations = null;
  readonly #file: RecordFile;
  readonly #ishne: IshneHeader;

  /** @throws RhythmdError E_RECORD_READ, E_ISHNE_HEADER */
  constructor(path: string) {
    this.path = path;
    this.name = basename(path).replace(/\.[A-Za-z]{3,5}$/, '');
    this.#file = new RecordFile(path);
    try {
      this.#ishne = parseIshneHeader(
        this.#file.read(0, ISHNE_HEADER_BYTES),
        this.#file.size,
        this.#file.name,
      );
    } catch (error) {
      this.#file.close();
      throw error;
    }
    this.header = { ...this.#ishne.header, name: this.name };
    this.rateHz = this.header.rateHz;
    this.sampleCount = this.header.sampleCount ?? 0;
    this.leadNames = leadNamesOf(this.header);
  }

  read(first: number, count: number): Int32Array<ArrayBuffer>[] {
    const leads = this.header.signals.length;
    const length = Math.max(0, Math.min(count, this.sampleCount - first));
    const bytes = this.#file.read(this.#ishne.samplesOffset + 2 * leads * first, 2 * leads * length);
    const interleaved = new Int32Array(FORMAT.samplesIn(bytes.length));
    FORMAT.decode(bytes, 0, interleaved);
    return this.header.signals.map((_, lead) => {
      const out = new Int32Array(length).fill(LOST_SAMPLE);
      for (let i = 0, from = lead; i < length && from < interleaved.length; i++, from += leads) {
        const value = interleaved[from]!;
        if (value !== FORMAT.invalid) out[i] = value;
      }
      return out;
    });
  }

  close(): void {
    this.#file.close();
  }
}
