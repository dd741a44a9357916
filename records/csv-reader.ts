/**
 * A CSV or TSV file of signals. It is read through once when it is opened, to learn its length, rate and scale and where
 * every few thousandth line begins; then any stretch is read from there.
 */
import { basename } from 'node:path';
import { type CsvColumns, findColumns, parseClock, splitLine } from '@rhythmd/ecg/csv/csv-columns.ts';
import { ColumnScale, countOf, numberOf } from '@rhythmd/ecg/csv/csv-values.ts';
import { RowTimes } from '@rhythmd/ecg/csv/row-times.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { decodeText } from '@rhythmd/ecg/wfdb/header-text.ts';
import { LOST_SAMPLE } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { LineReader } from './line-reader.ts';
import { RecordFile } from './record-file.ts';
import { leadNamesOf, type RecordReader, type Warn } from './record-reader.ts';

export interface CsvOptions {
  /** In place of what the time column says; null: that. */
  readonly rateHz?: number | null | undefined;
  /** Of the columns that name none. */
  readonly unit?: string | null | undefined;
}

/** Lines between two places that are remembered. */
const LINES_PER_MARK = 4096;
const HEAD_BYTES = 64 * 1024;

export class CsvReader implements RecordReader {
  readonly name: string;
  readonly path: string;
  readonly container = 'CSV';
  readonly header: RecordHeader;
  readonly rateHz: number;
  readonly sampleCount: number;
  readonly leadNames: readonly string[];
  readonly annotations = null;
  readonly #file: RecordFile;
  readonly #columns: CsvColumns;
  readonly #times: RowTimes;
  /** Byte at which row k * LINES_PER_MARK begins. */
  readonly #marks: number[] = [];

  /** @throws RhythmdError E_RECORD_READ, E_CSV, E_CSV_RATE, E_CSV_UNIT */
  constructor(path: string, { rateHz, unit }: CsvOptions, warn: Warn) {
    this.path = path;
    this.name = basename(path).replace(/\.[A-Za-z]{3,5}$/, '');
    this.#file = new RecordFile(path);
    try {
      const head = decodeText(wholeLines(this.#file.read(0, HEAD_BYTES))).text.replace(/^\ufeff/, '');
      this.#columns = findColumns(head.split(/\r\n|\n|\r/), this.#file.name);
      if (this.#columns.signals.some(({ units }) => units === '') && !unit)
        throw unknownUnit(this.#file.name);
      const scales = this.#columns.signals.map(() => new ColumnScale());
      this.#times = new RowTimes();
      this.#readThrough(scales);
      this.rateHz = rateHz ?? this.#times.rateHz ?? refuseRate(this.#file.name);
      this.#times.layOut(this.rateHz, rateHz == null, (text) => warn(`${this.#file.name}: ${text}`));
      this.sampleCount = this.#times.sampleCount;
      this.header = this.#headerOf(scales, unit ?? '');
    } catch (error) {
      this.#file.close();
      throw error;
    }
    this.leadNames = leadNamesOf(this.header);
  }

  read(first: number, count: number): Int32Array<ArrayBuffer>[] {
    const length = Math.max(0, Math.min(count, this.sampleCount - first));
    const out = this.header.signals.map(() => new Int32Array(length).fill(LOST_SAMPLE));
    const firstRow = this.#times.rowAt(first);
    const mark = Math.floor(firstRow / LINES_PER_MARK);
    const lines = new LineReader(this.#file, this.#marks[mark] ?? this.#file.size);
    for (let row = mark * LINES_PER_MARK; row < this.#times.rows; ) {
      const line = lines.next();
      if (line === null) break;
      if (isComment(line)) continue;
      const at = row >= firstRow ? this.#times.sampleAt(row) - first : -1;
      row++;
      if (at < 0) continue;
      if (at >= length) break;
      const cells = splitLine(line, this.#columns.delimiter);
      for (const [index, { column }] of this.#columns.signals.entries()) {
        const value = numberOf(cells[column] ?? '', this.#columns.decimalComma);
        out[index]![at] = countOf(value, this.header.signals[index]!.gain);
      }
    }
    return out;
  }

  close(): void {
    this.#file.close();
  }

  #readThrough(scales: readonly ColumnScale[]): void {
    const { headLines, delimiter, decimalComma, time, sample, signals } = this.#columns;
    const lines = new LineReader(this.#file, 0);
    for (let i = 0; i < headLines; i++) lines.next();
    for (let row = 0; ; ) {
      const position = lines.position;
      const line = lines.next();
      if (line === null) return;
      if (isComment(line)) continue;
      if (row % LINES_PER_MARK === 0) this.#marks.push(position);
      row++;
      const cells = splitLine(line, delimiter);
      for (const [index, { column }] of signals.entries()) {
        const cell = cells[column] ?? '';
        scales[index]!.take(cell, numberOf(cell, decimalComma), decimalComma);
      }
      const timeCell = time === null ? '' : (cells[time.column] ?? '');
      const timeS =
        time === null
          ? null
          : (parseClock(timeCell) ?? numberOf(timeCell, decimalComma) * time.secondsPerUnit);
      this.#times.push(timeS, sample === null ? null : numberOf(cells[sample] ?? '', decimalComma));
    }
  }

  #headerOf(scales: readonly ColumnScale[], unit: string): RecordHeader {
    return {
      name: this.name,
      rateHz: this.rateHz,
      sampleCount: this.sampleCount,
      baseTime: null,
      baseDate: null,
      signals: this.#columns.signals.map(({ name, units }, index) => ({
        fileName: '',
        format: 32,
        samplesPerFrame: 1,
        skew: 0,
        byteOffset: 0,
        gain: scales[index]!.gain,
        calibrated: true,
        baseline: 0,
        baselineGiven: true,
        units: (units || unit).replace(/\s+/g, '_'),
        adcBits: 32,
        adcZero: 0,
        firstValue: null,
        checksum: null,
        blockSize: 0,
        description: name,
      })),
      segments: null,
      comments: [],
      encoding: 'utf8',
    };
  }
}

function isComment(line: string): boolean {
  return line.trim() === '' || line.startsWith('#');
}

/** Up to the last line end, where there is one: half a line says nothing. */
function wholeLines(bytes: Uint8Array): Uint8Array {
  const end = Math.max(bytes.lastIndexOf(10), bytes.lastIndexOf(13));
  return bytes.length < HEAD_BYTES || end < 0 ? bytes : bytes.subarray(0, end);
}

function refuseRate(name: string): never {
  throw new RhythmdError(
    'E_CSV_RATE',
    `${name} has no column with the time of each sample`,
    'Say how many samples a second it has: --rate 250',
  );
}

function unknownUnit(name: string): RhythmdError {
  return new RhythmdError(
    'E_CSV_UNIT',
    `${name} does not say in which unit its signals are`,
    'Say it: --unit mV, or write it into the header row: ECG_mV',
  );
}
