/**
 * Finds frames without byte stuffing in a stream: by start, plausible length, end and, where there is one,
 * checksum and sequence together. Bounded: a fixed buffer, whatever comes.
 */
import { type FrameStatistics, forgiveBanner } from './board.ts';

/** What `FrameFormat.inspect` answers instead of a length. */
export const Verdict = {
  /** Looks like a frame so far: more bytes are needed to tell. */
  unfinished: 0,
  noStart: -1,
  badLength: -2,
  badFooter: -3,
  badChecksum: -4,
} as const;

export interface FrameFormat {
  readonly maxLength: number;
  /** Frames that must follow without a fault before a first frame is believed, when out of step. */
  readonly confirm: number;
  /** The same in step: 0 unless a frame says too little about itself. */
  readonly confirmInStep: number;
  /** Length of the frame at `bytes[at]`, of which `available` bytes are there, or a `Verdict`. */
  inspect(bytes: Uint8Array, at: number, available: number): number;
  /** Whether the frame at `at` continues the one at `before` (sequence + 1); absent: any does. */
  follows?(bytes: Uint8Array, before: Uint8Array, beforeAt: number, at: number): boolean;
}

export interface FrameHandler {
  /**
   * @param skipped bytes thrown away since the frame before (0: in step). Those before the very first frame
   * are a banner or half a frame and no loss.
   */
  frame(bytes: Uint8Array, at: number, length: number, skipped: number): void;
  /** Bytes that are in no frame: an answer to a command, a banner, noise. */
  skipped?(byte: number): void;
}

const CAPACITY = 4096;

export class FrameScanner {
  readonly #format: FrameFormat;
  readonly #statistics: FrameStatistics;
  readonly #buffer = new Uint8Array(CAPACITY);
  /** Copy of the last frame accepted, for `follows`. */
  readonly #last: Uint8Array;
  #end = 0;
  #skipped = 0;
  #everLocked = false;
  #inStep = false;

  constructor(format: FrameFormat, statistics: FrameStatistics) {
    this.#format = format;
    this.#statistics = statistics;
    this.#last = new Uint8Array(format.maxLength);
  }

  push(bytes: Uint8Array, handler: FrameHandler): void {
    this.#statistics.bytes += bytes.length;
    let taken = 0;
    while (taken < bytes.length) {
      const count = Math.min(bytes.length - taken, CAPACITY - this.#end);
      this.#buffer.set(bytes.subarray(taken, taken + count), this.#end);
      this.#end += count;
      taken += count;
      this.#scan(handler);
    }
  }

  /** The line broke: half a frame stays half. */
  drop(): void {
    this.#skip(this.#end);
    this.#end = 0;
    this.#inStep = false;
  }

  #scan(handler: FrameHandler): void {
    const { inspect } = this.#format;
    let at = 0;
    while (at < this.#end) {
      const length = inspect.call(this.#format, this.#buffer, at, this.#end - at);
      const confirmed = length > 0 ? this.#confirmed(at, length) : length;
      if (confirmed === Verdict.unfinished) break;
      if (confirmed < 0) {
        this.#count(confirmed);
        handler.skipped?.(this.#buffer[at]!);
        this.#skip(1);
        at++;
      } else {
        this.#accept(at, length, handler);
        at += length;
      }
    }
    this.#buffer.copyWithin(0, at, this.#end);
    this.#end -= at;
  }

  /** The length, once enough frames follow; `unfinished` while they may still come. */
  #confirmed(at: number, length: number): number {
    const format = this.#format;
    const buffer = this.#buffer;
    const continues =
      this.#inStep && (format.follows === undefined || format.follows(buffer, this.#last, 0, at));
    const needed = continues ? format.confirmInStep : format.confirm;
    let before = at;
    let next = at + length;
    for (let i = 0; i < needed; i++) {
      if (next >= this.#end) return Verdict.unfinished;
      const following = format.inspect(buffer, next, this.#end - next);
      if (following <= 0) return following;
      if (format.follows && !format.follows(buffer, buffer, before, next)) return Verdict.noStart;
      before = next;
      next += following;
    }
    return length;
  }

  #accept(at: number, length: number, handler: FrameHandler): void {
    const skipped = this.#everLocked ? this.#skipped : 0;
    if (skipped > 0) this.#statistics.resynchronised++;
    if (!this.#everLocked) forgiveBanner(this.#statistics);
    this.#skipped = 0;
    this.#everLocked = true;
    this.#inStep = true;
    this.#statistics.good++;
    for (let i = 0; i < length; i++) this.#last[i] = this.#buffer[at + i]!;
    handler.frame(this.#buffer, at, length, skipped);
  }

  #skip(count: number): void {
    this.#statistics.bytesDiscarded += count;
    this.#skipped += count;
    if (count > 0) this.#inStep = false;
  }

  #count(verdict: number): void {
    if (verdict === Verdict.badLength) this.#statistics.oversize++;
    else if (verdict === Verdict.badFooter) this.#statistics.badFooter++;
    else if (verdict === Verdict.badChecksum) this.#statistics.badChecksum++;
  }
}
