/** An EDF, EDF+ or BDF file, data record by data record. */
import { basename } from 'node:path';
import { parseAnnotationLists } from '@rhythmd/ecg/edf/annotation-lists.ts';
import {
  EDF_FIXED_BYTES,
  type EdfHeader,
  edfHeaderBytes,
  parseEdfHeader,
} from '@rhythmd/ecg/edf/edf-header.ts';
import { annotationOfText } from '@rhythmd/ecg/edf/edf-text.ts';
import { edfRecordHeader } from '@rhythmd/ecg/edf/record-header.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { deliver } from '@rhythmd/ecg/wfdb/frame-rates.ts';
import type { RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { findFormat, LOST_SAMPLE } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { RecordFile } from './record-file.ts';
import { leadNamesOf, type RecordReader, type Warn } from './record-reader.ts';

/** Data records looked at together when only their annotations are wanted. */
const RECORDS_AT_ONCE = 64;
/** A longer pause between two data records is a damaged time stamp. */
const MAX_GAP_S = 31 * 86_400;
const MAX_ANNOTATIONS = 2_000_000;

export class EdfReader implements RecordReader {
  readonly name: string;
  readonly path: string;
  readonly container: 'EDF' | 'BDF';
  readonly header: RecordHeader;
  readonly rateHz: number;
  readonly sampleCount: number;
  readonly leadNames: readonly string[];
  readonly #file: RecordFile;
  readonly #edf: EdfHeader;
  /** Index in the file's header of each signal of ours, and its first sample's place in a data record. */
  readonly #signals: readonly { readonly samples: number; readonly offset: number }[];
  readonly #perRecord: number;
  readonly #records: number;
  /** First sample of each data record, where they do not follow on each other. */
  readonly #starts: Float64Array | null;
  #annotations: Annotation[] | null = null;

  /** @throws RhythmdError E_RECORD_READ, E_EDF_HEADER */
  constructor(path: string, warn: Warn) {
    this.path = path;
    this.name = basename(path).replace(/\.[A-Za-z]{3,5}$/, '');
    this.#file = new RecordFile(path);
    try {
      const bytes = this.#file.read(0, edfHeaderBytes(this.#file.read(0, EDF_FIXED_BYTES), basename(path)));
      this.#edf = parseEdfHeader(bytes, basename(path));
      this.#records = this.#countRecords(warn);
      const made = edfRecordHeader(this.#edf, this.name);
      this.#perRecord = made.perRecord;
      this.#signals = made.signals;
      this.rateHz = made.perRecord / this.#edf.recordS;
      this.#starts = this.#edf.isDiscontinuous ? this.#readStarts(warn) : null;
      const last = this.#records - 1;
      this.sampleCount =
        this.#starts === null || last < 0
          ? this.#records * this.#perRecord
          : this.#starts[last]! + this.#perRecord;
      const startMs = this.#edf.startMs;
      this.header = {
        ...made.header(startMs === null ? null : startMs + this.#fractionMs()),
        sampleCount: this.sampleCount,
      };
    } catch (error) {
      this.#file.close();
      throw error;
    }
    this.container = this.#edf.kind;
    this.leadNames = leadNamesOf(this.header);
  }

  /** Read from the whole file when they are asked for first. */
  get annotations(): readonly Annotation[] {
    this.#annotations ??= this.#readAnnotations();
    return this.#annotations;
  }

  read(first: number, count: number): Int32Array<ArrayBuffer>[] {
    const length = Math.max(0, Math.min(count, this.sampleCount - first));
    const out = this.#signals.map(() => new Int32Array(length).fill(LOST_SAMPLE));
    for (let record = this.#recordAt(first); record < this.#records; ) {
      const start = this.#startOf(record);
      if (start >= first + length) break;
      let next = record + 1;
      while (next < this.#records && this.#startOf(next) === start + (next - record) * this.#perRecord) {
        if (this.#startOf(next) >= first + length) break;
        next++;
      }
      const from = Math.max(first, start);
      const to = Math.min(first + length, start + (next - record) * this.#perRecord);
      if (to > from) this.#readRecords(record, from - start, to - from, out, from - first);
      record = next;
    }
    return out;
  }

  close(): void {
    this.#file.close();
  }

  /** @param skip samples after the start of data record `record`; what is wanted may reach into the ones after it */
  #readRecords(record: number, skip: number, count: number, out: readonly Int32Array[], at: number): void {
    const { recordBytes, headerBytes, bytesPerSample } = this.#edf;
    const perRecord = this.#perRecord;
    const firstRecord = record + Math.floor(skip / perRecord);
    const inside = skip % perRecord;
    const records = Math.ceil((inside + count) / perRecord);
    const bytes = this.#file.read(headerBytes + firstRecord * recordBytes, records * recordBytes);
    const { decode } = findFormat(8 * bytesPerSample, this.name);
    for (const [index, { samples, offset }] of this.#signals.entries()) {
      if (samples === 0) continue;
      const stored = new Int32Array(records * samples);
      for (let k = 0; k < records; k++) {
        const place = k * recordBytes + offset * bytesPerSample;
        decode(bytes, place, stored.subarray(k * samples, (k + 1) * samples));
      }
      out[index]!.set(deliver(stored, samples, perRecord, inside, count), at);
    }
  }

  #startOf(record: number): number {
    return this.#starts === null ? record * this.#perRecord : this.#starts[record]!;
  }

  /** The last data record that begins at or before a sample. */
  #recordAt(sample: number): number {
    if (this.#starts === null) return Math.floor(sample / this.#perRecord);
    let low = 0;
    let high = this.#records - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= sample) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #countRecords(warn: Warn): number {
    const { records, headerBytes, recordBytes } = this.#edf;
    const held = Math.floor(Math.max(0, this.#file.size - headerBytes) / recordBytes);
    if (records !== null && records > held) {
      warn(`${this.#file.name} holds ${held} of the ${records} data records its header announces`);
    }
    return Math.min(records ?? held, held);
  }

  /** The header has whole seconds: the first list says what is missing. */
  #fractionMs(): number {
    const onsetS = this.#records === 0 ? null : this.#listsOf(0, 1).recordOnsets[0];
    return onsetS === null || onsetS === undefined || Math.abs(onsetS) >= 1 ? 0 : Math.round(onsetS * 1000);
  }

  #readStarts(warn: Warn): Float64Array {
    const starts = new Float64Array(this.#records);
    const { recordS } = this.#edf;
    let firstS: number | null = null;
    let end = 0;
    for (let record = 0; record < this.#records; record += RECORDS_AT_ONCE) {
      const { recordOnsets } = this.#listsOf(record, RECORDS_AT_ONCE);
      for (const [k, onsetS] of recordOnsets.entries()) {
        firstS ??= onsetS;
        const told =
          onsetS === null ? end : Math.round(((onsetS - (firstS ?? 0)) / recordS) * this.#perRecord);
        const isPlausible = told >= end && told - end <= MAX_GAP_S * this.rateHz;
        if (!isPlausible) {
          warn(
            `${this.#file.name}: data record ${record + k} says that it begins at ${onsetS} s: taken as following on`,
          );
        }
        starts[record + k] = isPlausible ? told : end;
        end = starts[record + k]! + this.#perRecord;
      }
    }
    return starts;
  }

  #readAnnotations(): Annotation[] {
    const annotations: Annotation[] = [];
    if (!this.#edf.signals.some(({ isAnnotations }) => isAnnotations)) return annotations;
    let firstS: number | null = null;
    for (let record = 0; record < this.#records; record += RECORDS_AT_ONCE) {
      const lists = this.#listsOf(record, RECORDS_AT_ONCE);
      firstS ??= lists.recordOnsets[0] ?? 0;
      for (const { onsetS, text } of lists.annotations) {
        const sample = Math.round((onsetS - firstS) * this.rateHz);
        if (Math.abs(sample) >= 2 ** 31 || annotations.length >= MAX_ANNOTATIONS) continue;
        annotations.push({ sample, subtype: 0, channel: 0, num: 0, ...annotationOfText(text) });
      }
    }
    return annotations.sort((a, b) => a.sample - b.sample);
  }

  #listsOf(first: number, count: number) {
    const { recordBytes, headerBytes, bytesPerSample, signals } = this.#edf;
    const records = Math.min(count, this.#records - first);
    const recordOnsets: (number | null)[] = [];
    const annotations: ReturnType<typeof parseAnnotationLists>['annotations'][number][] = [];
    for (let record = 0; record < records; record++) {
      let onsetS: number | null = null;
      let offset = 0;
      for (const { isAnnotations, samples } of signals) {
        if (isAnnotations) {
          const place = headerBytes + (first + record) * recordBytes + offset * bytesPerSample;
          const lists = parseAnnotationLists(this.#file.read(place, samples * bytesPerSample));
          onsetS ??= lists.recordOnsetS;
          for (const annotation of lists.annotations) annotations.push(annotation);
        }
        offset += samples;
      }
      recordOnsets.push(onsetS);
    }
    return { recordOnsets, annotations };
  }
}
