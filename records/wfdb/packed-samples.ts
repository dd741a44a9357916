/** Samples in a format of fixed size: any of them is where it must be. */
import type { SignalFormat } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { RecordFile } from '../record-file.ts';
import type { StoredSamples } from './stored-samples.ts';

export class PackedSamples implements StoredSamples {
  readonly count: number;
  readonly #file: RecordFile;
  readonly #format: SignalFormat;
  readonly #byteOffset: number;

  /** @throws RhythmdError E_RECORD_READ */
  constructor(path: string, format: SignalFormat, byteOffset: number) {
    this.#file = new RecordFile(path);
    this.#format = format;
    this.#byteOffset = byteOffset;
    this.count = format.samplesIn(Math.max(0, this.#file.size - byteOffset));
  }

  read(first: number, count: number): Int32Array {
    const { groupSamples, groupBytes, samplesIn, decode } = this.#format;
    const group = Math.floor(first / groupSamples);
    const before = first - group * groupSamples;
    const wanted = before + count;
    const length = Math.ceil(wanted / groupSamples) * groupBytes;
    const bytes = this.#file.read(this.#byteOffset + group * groupBytes, length);
    const out = new Int32Array(Math.min(wanted, samplesIn(bytes.length)));
    decode(bytes, 0, out);
    return out.subarray(before);
  }

  close(): void {
    this.#file.close();
  }
}
