/** Decoder and encoder shared by the boards that send one sample of every channel in a frame, or a few. */
import { LEAD_OFF_FLAGS, SampleFlag, type Samples, type StreamDescription } from '../types.ts';
import {
  type Board,
  type BoardDecoder,
  type BoardEncoder,
  type DecoderOptions,
  type EncoderOptions,
  NO_BYTES,
  newFrameStatistics,
} from './board.ts';
import { type FrameFormat, FrameScanner } from './frame-scanner.ts';
import { CLIPPED_WAVE_S, LastingRun } from './lasting-run.ts';
import { SampleBatch } from './sample-batch.ts';

export interface FrameLayout extends FrameFormat {
  /** Channels in a frame. */
  readonly channels: number;
  /** The count that stands for 0 mV. */
  readonly zeroCount: number;
  readonly minCount: number;
  readonly maxCount: number;
  /** Where what is read can be more than the converter gives; `maxCount` when absent. */
  readonly largestCount?: number;
  /** Values of the frame's counter, or 0 where it has none. */
  readonly sequenceRange: number;
  /** Exact zeros that last longer than this are a lead that is off; null where the board says it. */
  readonly zerosMeanOffS: number | null;
  sequence(bytes: Uint8Array, at: number): number;
  /**
   * Frames missing between two that carry samples, where the counter counts others too; negative: the board
   * started again. Absent: the counter says it.
   */
  lostBetween?(before: Uint8Array, bytes: Uint8Array, at: number): number;
  /** Samples of each channel in this frame; absent: one. 0: it is of a kind that carries none. */
  samplesIn?(bytes: Uint8Array, at: number, length: number): number;
  /** Writes one count a channel, of the frame's `sample`th. @returns SampleFlag bits */
  read(bytes: Uint8Array, at: number, length: number, counts: Int32Array, sample: number): number;
  /** @returns the frame's length */
  write(bytes: Uint8Array, at: number, counts: Int32Array, flags: number, sequence: number): number;
}

export class FramedDecoder implements BoardDecoder {
  readonly statistics = newFrameStatistics();
  readonly #layout: FrameLayout;
  readonly #scanner: FrameScanner;
  readonly #batch: SampleBatch;
  readonly #counts: Int32Array;
  readonly #channels: readonly number[];
  readonly #millivoltsPerCount: number;
  readonly #zeros: LastingRun | null;
  readonly #clipped: LastingRun;
  readonly #description: StreamDescription;
  #described = false;
  #sequence = -1;
  /** Samples lost, to be told with the next one that comes. */
  #owed = 0;
  /** The last frame taken, to know it again. */
  readonly #last: Uint8Array;
  #onSamples: (samples: Samples) => void = () => {};
  #onDescription: ((description: StreamDescription) => void) | undefined;
  readonly #handler = {
    frame: (bytes: Uint8Array, at: number, length: number, skipped: number) =>
      this.#take(bytes, at, length, skipped),
  };

  /** @param first index of the first sample, where another decoder has decoded what came before */
  constructor(board: Board, layout: FrameLayout, options: DecoderOptions = {}, first = 0) {
    const microvolts = options.microvoltsPerCount ?? board.microvoltsPerCount;
    const rateHz = options.rateHz ?? board.rateHz;
    const names = board.leadNames;
    this.#layout = layout;
    this.#last = new Uint8Array(layout.maxLength);
    this.#scanner = new FrameScanner(layout, this.statistics);
    this.#channels = (options.channels ?? names.map((_, i) => i)).filter((c) => c < layout.channels);
    this.#batch = new SampleBatch(this.#channels.length, rateHz, first);
    this.#counts = new Int32Array(layout.channels);
    this.#millivoltsPerCount = microvolts / 1000;
    this.#zeros = layout.zerosMeanOffS === null ? null : new LastingRun(layout.zerosMeanOffS * rateHz);
    this.#clipped = new LastingRun(CLIPPED_WAVE_S * rateHz);
    this.#description = {
      board: board.name,
      rateHz,
      leadNames: this.#channels.map((c) => names[c] ?? `channel ${c + 1}`),
      microvoltsPerCount: this.#channels.map(() => microvolts),
      firmware: null,
    };
  }

  push(
    bytes: Uint8Array,
    _arrivalMs: number,
    onSamples: (samples: Samples) => void,
    onDescription?: (description: StreamDescription) => void,
  ): void {
    const goodBefore = this.statistics.good;
    this.#onSamples = onSamples;
    this.#onDescription = onDescription;
    this.#scanner.push(bytes, this.#handler);
    if (this.statistics.good > goodBefore) this.#batch.flush(onSamples);
  }

  /** Index of the sample that comes next. */
  get nextIndex(): number {
    return this.#batch.nextIndex;
  }

  lineBroke(): void {
    this.#scanner.drop();
  }

  #take(bytes: Uint8Array, at: number, length: number, skipped: number): void {
    const layout = this.#layout;
    // Said with the first frame, not before: until then it is a guess.
    if (!this.#described) this.#onDescription?.(this.#description);
    this.#described = true;
    const samples = layout.samplesIn?.(bytes, at, length) ?? 1;
    const carriesNothing = samples === 0 && layout.lostBetween !== undefined;
    const lost = carriesNothing ? 0 : this.#lostBefore(bytes, at, length, skipped);
    if (lost < 0) return;
    this.#owed += lost * Math.max(1, samples);
    for (let sample = 0; sample < samples; sample++) this.#takeSample(bytes, at, length, sample);
  }

  #takeSample(bytes: Uint8Array, at: number, length: number, sample: number): void {
    const layout = this.#layout;
    let flags = layout.read(bytes, at, length, this.#counts, sample);
    if (this.#isOutOfRange()) {
      this.statistics.outOfRange++;
      this.#owed++;
      return;
    }
    if (this.#zeros?.push(this.#counts[0] === 0)) flags |= SampleFlag.leadOffPlus;
    let clipped = false;
    for (let k = 0; k < this.#channels.length; k++) {
      const count = this.#counts[this.#channels[k]!]!;
      if (count <= layout.minCount || count >= layout.maxCount) clipped = true;
    }
    if (this.#clipped.push(clipped)) flags |= SampleFlag.saturated;
    const position = this.#batch.next(flags, this.#owed, this.#onSamples);
    this.statistics.samplesLost += this.#owed;
    this.#owed = 0;
    for (let k = 0; k < this.#channels.length; k++) {
      const count = this.#counts[this.#channels[k]!]! - layout.zeroCount;
      this.#batch.leads[k]![position] = count * this.#millivoltsPerCount;
    }
  }

  /** What the converter cannot give was never measured: one such value would stand in every filter for minutes. */
  #isOutOfRange(): boolean {
    const { minCount, maxCount, largestCount = maxCount } = this.#layout;
    for (let k = 0; k < this.#channels.length; k++) {
      const count = this.#counts[this.#channels[k]!]!;
      if (count < minCount || count > largestCount) return true;
    }
    return false;
  }

  /** By the counter, or by the bytes thrown away where there is none; -1 for a frame received twice. */
  #lostBefore(bytes: Uint8Array, at: number, length: number, skipped: number): number {
    const { sequenceRange } = this.#layout;
    let lost: number;
    if (this.#layout.lostBetween !== undefined) {
      lost = this.#sequence < 0 ? 0 : this.#layout.lostBetween(this.#last, bytes, at);
      this.#sequence = 0;
      if (lost < 0) this.statistics.restarts++;
      lost = Math.max(0, lost);
      for (let i = 0; i < length; i++) this.#last[i] = bytes[at + i]!;
    } else if (sequenceRange === 0) {
      lost = Math.round(skipped / length);
    } else {
      const sequence = this.#layout.sequence(bytes, at);
      const first = this.#sequence < 0;
      lost = first ? 0 : (sequence - this.#sequence - 1 + 2 * sequenceRange) % sequenceRange;
      this.#sequence = sequence;
      if (lost === sequenceRange - 1 && this.#isLast(bytes, at, length)) {
        this.statistics.duplicate++;
        return -1;
      }
      for (let i = 0; i < length; i++) this.#last[i] = bytes[at + i]!;
    }
    this.statistics.lost += lost;
    return lost;
  }

  #isLast(bytes: Uint8Array, at: number, length: number): boolean {
    for (let i = 0; i < length; i++) if (this.#last[i] !== bytes[at + i]) return false;
    return true;
  }
}

export class FramedEncoder implements BoardEncoder {
  readonly inputRateHz: number;
  readonly #board: Board;
  readonly #layout: FrameLayout;
  readonly #counts: Int32Array;
  readonly #microvoltsPerCount: number;
  #out = new Uint8Array(1024);
  #sequence = 0;

  constructor(board: Board, layout: FrameLayout, options: EncoderOptions = {}) {
    this.inputRateHz = options.rateHz ?? board.rateHz;
    this.#board = board;
    this.#layout = layout;
    this.#counts = new Int32Array(layout.channels);
    this.#microvoltsPerCount = options.microvoltsPerCount ?? board.microvoltsPerCount;
  }

  get streaming(): boolean {
    return true;
  }

  switchOn(): Uint8Array {
    this.#sequence = 0;
    return NO_BYTES;
  }

  encode(samples: Samples): Uint8Array {
    const layout = this.#layout;
    const room = samples.count * layout.maxLength;
    if (this.#out.length < room) this.#out = new Uint8Array(room);
    let end = 0;
    for (let i = 0; i < samples.count; i++) {
      for (let c = 0; c < layout.channels; c++) this.#counts[c] = this.#quantised(samples, c, i);
      end += layout.write(this.#out, end, this.#counts, samples.flags, this.#sequence);
      if (layout.sequenceRange > 0) this.#sequence = (this.#sequence + 1) % layout.sequenceRange;
    }
    return this.#out.subarray(0, end);
  }

  command(_bytes: Uint8Array): Uint8Array {
    return NO_BYTES;
  }

  #quantised(samples: Samples, channel: number, i: number): number {
    const { zeroCount, minCount, maxCount, zerosMeanOffS } = this.#layout;
    // Boards that do not speak of leads send zeros when one is off.
    if (zerosMeanOffS !== null && (samples.flags & LEAD_OFF_FLAGS) !== 0) return 0;
    const lead = channel < this.#board.leadNames.length ? samples.leads[channel] : undefined;
    const millivolts = lead?.[i] ?? 0;
    const count = Math.round((millivolts * 1000) / this.#microvoltsPerCount) + zeroCount;
    return Math.max(minCount, Math.min(maxCount, count));
  }
}
