/** From lines of numbers (`ad8232-line.ts`) to evenly spaced samples. */
import { PIPELINE_RATE_HZ, SampleFlag, type Samples, type StreamDescription } from '../types.ts';
import {
  AD8232_BAUD,
  AD8232_MICROVOLTS,
  BITS_PER_BYTE,
  LARGEST_COUNT,
  MAX_COUNT,
  ZERO_COUNT,
} from './ad8232-line.ts';
import { type BoardDecoder, type DecoderOptions, forgiveBanner, newFrameStatistics } from './board.ts';
import { CLIPPED_WAVE_S, LastingRun } from './lasting-run.ts';
import { Retimer } from './retimer.ts';
import { LineBuffer, parseNumbers } from './text-line.ts';

/** So many lines tell how many columns there are and whether the first is a time. */
const SURVEY_LINES = 8;
const MAX_LEADS = 4;
const BANG = 0x21;
/** Lines of another shape in a row after which the shape is looked at again. */
const MISFITS = 16;
/** Where neither the line nor arrival tells: values of three digits at 9600 baud. */
const NOMINAL_HZ = AD8232_BAUD / BITS_PER_BYTE / 5;

export class Ad8232Decoder implements BoardDecoder {
  readonly statistics = newFrameStatistics();
  readonly #options: DecoderOptions;
  readonly #line = new LineBuffer();
  readonly #fields = new Float64Array(8);
  readonly #values = new Float64Array(MAX_LEADS);
  readonly #clipped = new LastingRun(CLIPPED_WAVE_S * NOMINAL_HZ);
  readonly #microvoltsPerCount: number;
  #retimer: Retimer | null = null;
  /** Numbers a line, and which of them is the first value; 0 columns: not known yet. */
  #columns = 0;
  #firstValue = 0;
  #surveyed = 0;
  #growing = true;
  #lastFirst = Number.NEGATIVE_INFINITY;
  #misfits = 0;
  /** The line begins at a line end that was seen. */
  #whole = false;
  #skippedBytes = 0;
  /** Bytes of lines that carry no sample: they took line time, too. */
  #idleBytes = 0;

  constructor(options: DecoderOptions = {}) {
    this.#options = options;
    this.#microvoltsPerCount = options.microvoltsPerCount ?? AD8232_MICROVOLTS;
  }

  get measuredRateHz(): number | null {
    return this.#retimer?.measuredHz ?? null;
  }

  push(
    bytes: Uint8Array,
    arrivalMs: number,
    onSamples: (samples: Samples) => void,
    onDescription?: (description: StreamDescription) => void,
  ): void {
    const goodBefore = this.statistics.good;
    this.statistics.bytes += bytes.length;
    for (let i = 0; i < bytes.length; i++) {
      const length = this.#line.push(bytes[i]!);
      if (length === 0) continue;
      if (length < 0) this.statistics.oversize++;
      this.#endOfLine(length, onSamples, onDescription);
      this.#line.clear();
    }
    this.#retimer?.observe(this.statistics.good - goodBefore, bytes.length, arrivalMs);
    this.#retimer?.flush(onSamples);
  }

  lineBroke(): void {
    this.statistics.bytesDiscarded += this.#line.length;
    this.#line.clear();
    this.#whole = false;
  }

  #endOfLine(
    length: number,
    onSamples: (samples: Samples) => void,
    onDescription?: (description: StreamDescription) => void,
  ): void {
    const line = this.#line;
    const end = line.end;
    const whole = this.#whole;
    this.#whole = true;
    // A line joined in the middle may look like a number and be none.
    if (!whole) {
      this.#discard(line.length + 1);
      return;
    }
    const leadOff = end === 1 && line.bytes[0] === BANG;
    const count = leadOff ? 0 : length < 0 ? -1 : parseNumbers(line.bytes, end, this.#fields);
    if (count < 0) {
      this.statistics.unknown++;
      this.#misfits++;
      if (this.#misfits > MISFITS && this.#retimer === null) this.#surveyed = 0;
      this.#discard(line.length + 1);
      return;
    }
    if (this.#retimer === null && !this.#survey(count, onDescription)) {
      this.#idleBytes += length;
      return;
    }
    if (!leadOff && count !== this.#columns) {
      this.statistics.unknown++;
      this.#discard(length);
      return;
    }
    if (!leadOff && this.#isOutOfRange()) {
      this.statistics.outOfRange++;
      this.#discard(length);
      return;
    }
    this.#take(leadOff, length, onSamples);
  }

  #isOutOfRange(): boolean {
    for (let k = this.#firstValue; k < this.#columns; k++) {
      if (!(Math.abs(this.#fields[k]!) <= LARGEST_COUNT)) return true;
    }
    return false;
  }

  #take(leadOff: boolean, length: number, onSamples: (samples: Samples) => void): void {
    let flags = leadOff ? SampleFlag.leadOffPlus : 0;
    let clipped = false;
    const leads = this.#columns - this.#firstValue;
    // A line with a lead off carries no value: the last one is held.
    for (let k = 0; k < leads && !leadOff; k++) {
      const count = this.#fields[this.#firstValue + k]!;
      if (count <= 0 || count === MAX_COUNT) clipped = true;
      this.#values[k] = ((count - ZERO_COUNT) * this.#microvoltsPerCount) / 1000;
    }
    if (this.#clipped.push(clipped)) flags |= SampleFlag.saturated;
    if (this.#skippedBytes > 0 && this.statistics.good > 0) this.statistics.resynchronised++;
    this.#skippedBytes = 0;
    if (this.statistics.good === 0) forgiveBanner(this.statistics);
    this.statistics.good++;
    this.#misfits = 0;
    this.#retimer!.push(this.#values, flags, length + this.#idleBytes, 0, onSamples);
    this.#idleBytes = 0;
  }

  /** Learns the shape of the lines; @returns whether it is known now. */
  #survey(count: number, onDescription?: (description: StreamDescription) => void): boolean {
    if (count === 0) return false;
    const first = this.#fields[0]!;
    if (count !== this.#columns || this.#surveyed === 0) {
      this.#columns = count;
      this.#surveyed = 0;
      this.#growing = true;
    } else if (first <= this.#lastFirst) {
      this.#growing = false;
    }
    this.#lastFirst = first;
    this.#surveyed++;
    if (this.#surveyed < SURVEY_LINES) return false;
    this.#firstValue = count > 1 && this.#growing ? 1 : 0;
    const leads = Math.min(MAX_LEADS, count - this.#firstValue);
    this.#columns = count;
    this.#retimer = new Retimer({
      leads,
      outputHz: PIPELINE_RATE_HZ,
      nominalHz: this.#options.rateHz ?? NOMINAL_HZ,
      lineBytesPerS: (this.#options.baud ?? AD8232_BAUD) / BITS_PER_BYTE,
      speed: this.#options.speed ?? 1,
    });
    onDescription?.({
      board: 'ad8232',
      rateHz: PIPELINE_RATE_HZ,
      leadNames: Array.from({ length: leads }, (_, k) => (leads === 1 ? 'ECG' : `ECG${k + 1}`)),
      microvoltsPerCount: Array.from({ length: leads }, () => this.#microvoltsPerCount),
      firmware: null,
    });
    return true;
  }

  #discard(count: number): void {
    this.statistics.bytesDiscarded += count;
    this.#skippedBytes += count;
    // On the line it took its time like any other.
    this.#idleBytes += count;
  }
}
