/**
 * The recordings of one stream: the one that grows, cut at the full hour, and those that ended and still wait for
 * beats and alerts that are told late.
 */
import type { Samples } from '@rhythmd/ecg/types.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import type { Layout } from './layout.ts';
import { type Durable, Segment } from './segment.ts';

/** A longer gap ends a recording instead of filling it with nothing. */
const MAX_FILLED_GAP_S = 30;
/** Beats and alerts come after their samples: a recording that ended waits for them this long. */
const LATE_S = 10;
/** Recordings that ended and cannot be written; beyond it the oldest is given up. */
const MAX_ENDED = 4;
const HOUR_MS = 3_600_000;
/** A recording that begins this close to the hour belongs to the next: clocks are corrected by milliseconds. */
const HOUR_TOLERANCE_MS = 1000;

export interface StreamRecordingOptions {
  readonly folder: string;
  readonly sync: boolean;
  readonly layout: Layout;
  readonly monotonicMs: () => number;
  /** What holds at a sample: each recording begins with it, so that it can be read alone. */
  readonly standing: (sample: number) => readonly Annotation[];
  /** A recording is whole and closed: its name. */
  readonly finished: (name: string) => void;
  /** What is to be said of a gap of `count` samples. */
  readonly gap: (sample: number, count: number) => readonly Annotation[];
}

interface EndedSegment {
  readonly segment: Segment;
  readonly endedMs: number;
}

export class StreamRecording {
  readonly #options: StreamRecordingOptions;
  #current: Segment | null = null;
  /** Where the current recording ends, in the stream's samples. */
  #limit = 0;
  #ended: EndedSegment[] = [];
  #recordings = 0;
  #clipped = 0;
  #givenUp = 0;

  constructor(options: StreamRecordingOptions) {
    this.#options = options;
  }

  get isRecording(): boolean {
    return this.#current !== null;
  }

  /** Its name on disk; null while there is none. */
  get currentName(): string | null {
    return this.#current?.name ?? null;
  }

  /** Half of what may wait in memory waits: time to write. */
  get isFilling(): boolean {
    return this.#current?.isFilling === true;
  }

  get recordings(): number {
    return this.#recordings;
  }

  get clipped(): number {
    return this.#clipped + (this.#current?.clipped ?? 0);
  }

  /** Samples of recordings that could not be finished. */
  get givenUp(): number {
    return this.#givenUp;
  }

  /** The clock was set: what is open began at another time, and ends at another hour. */
  redate(shiftMs: number): void {
    const segment = this.#current;
    for (const open of [...this.#ended.map((ended) => ended.segment), ...(segment ? [segment] : [])]) {
      open.redate(shiftMs);
    }
    if (segment === null) return;
    const recordedMs = (1000 * (segment.end - segment.first)) / this.#options.layout.rateHz;
    this.#limit = this.#nextHour(segment.end, segment.startMs + recordedMs);
  }

  /** @returns samples that were lost because the disk is too slow: the next ones will find a gap */
  take(samples: Samples, firstMs: number): number {
    const { rateHz } = this.#options.layout;
    const gap = this.#current === null ? 0 : samples.first - this.#current.end;
    if (gap !== 0 && !this.#bridge(gap)) return samples.count;
    for (let offset = 0; offset < samples.count; ) {
      const segment =
        this.#current ?? this.#begin(samples.first + offset, firstMs + (1000 * offset) / rateHz);
      const count = Math.min(samples.count - offset, this.#limit - segment.end, segment.room);
      if (count <= 0) return samples.count - offset;
      segment.push(samples, offset, count);
      offset += count;
      if (segment.end >= this.#limit) this.end();
    }
    return 0;
  }

  /**
   * Into the recording it belongs to; what began before the oldest still open stands at that one's beginning.
   * @returns false when it belongs to none
   */
  annotate(mark: Annotation): boolean {
    const open = this.#ended.map(({ segment }) => segment);
    if (this.#current !== null) open.push(this.#current);
    const place = open.findLast(({ first }) => first <= mark.sample) ?? open[0];
    if (!place || mark.sample > place.end + LATE_S * this.#options.layout.rateHz) return false;
    // The growing one will reach it; one that ended will not.
    const isBehind = place !== this.#current && mark.sample > place.end;
    place.annotate(isBehind ? { ...mark, sample: place.end } : mark);
    return true;
  }

  /** The growing recording ends here; the next samples begin another. */
  end(): void {
    if (this.#current === null) return;
    this.#clipped += this.#current.clipped;
    this.#ended.push({ segment: this.#current, endedMs: this.#options.monotonicMs() });
    this.#current = null;
    if (this.#ended.length > MAX_ENDED) void this.#close(this.#ended[0]!);
  }

  /** @returns bytes written. @throws what the disk says; nothing is lost, flush again */
  async flush(durable: Durable): Promise<number> {
    let bytes = 0;
    // What is told while the older ones are written waits for the next flush: a crash must not leave a beat behind one that is missing.
    const current = this.#current;
    const ended = this.#ended.map((one) => ({ one, toldUntil: one.segment.toldUntil }));
    const toldUntil = current?.toldUntil ?? 0;
    for (const { one, toldUntil: until } of ended) {
      const isComplete = this.#isComplete(one);
      bytes += isComplete ? await one.segment.finish() : await one.segment.flush(durable, until);
      if (isComplete) await this.#close(one);
    }
    if (current !== null) bytes += await current.flush(durable, toldUntil);
    return bytes;
  }

  /** The stream is over, and nothing more is told of it. @returns bytes written. @throws as flush does */
  async finish(): Promise<number> {
    this.end();
    let bytes = 0;
    for (const ended of this.#ended) bytes += await ended.segment.finish();
    return bytes;
  }

  /** What was flushed stays; the rest is given up. */
  async close(): Promise<void> {
    this.end();
    for (const ended of [...this.#ended]) await this.#close(ended);
  }

  #begin(first: number, startMs: number): Segment {
    const { folder, layout, sync, standing } = this.#options;
    const segment = new Segment({ folder, layout, first, startMs, sync });
    this.#limit = this.#nextHour(first, startMs);
    this.#current = segment;
    this.#recordings++;
    for (const mark of standing(first)) segment.annotate(mark);
    return segment;
  }

  /** The stream's sample at the next full hour after `atMs`, the time of `sample`. */
  #nextHour(sample: number, atMs: number): number {
    const toNextHourMs = HOUR_MS + HOUR_TOLERANCE_MS - ((atMs + HOUR_TOLERANCE_MS) % HOUR_MS);
    return sample + Math.max(1, Math.round((toNextHourMs / 1000) * this.#options.layout.rateHz));
  }

  /**
   * Lost samples become a marked gap; a long gap, or a step back, ends the recording.
   * @returns false while the disk is too slow to take even the gap
   */
  #bridge(gap: number): boolean {
    const segment = this.#current;
    if (segment === null) return true;
    const { end } = segment;
    const isFillable = gap > 0 && gap <= MAX_FILLED_GAP_S * this.#options.layout.rateHz;
    if (!isFillable || end + gap >= this.#limit) {
      this.end();
      return true;
    }
    if (gap > segment.room) return false;
    for (const mark of this.#options.gap(end, gap)) segment.annotate(mark);
    segment.pushLost(gap);
    return true;
  }

  /** Nothing that is told late can belong to it any more. */
  #isComplete({ segment, endedMs }: EndedSegment): boolean {
    if (this.#ended.at(-1)?.segment !== segment) return true;
    const { layout, monotonicMs } = this.#options;
    const signalS = this.#current === null ? 0 : (this.#current.end - segment.end) / layout.rateHz;
    return signalS >= LATE_S || monotonicMs() - endedMs >= LATE_S * 1000;
  }

  async #close(ended: EndedSegment): Promise<void> {
    this.#ended = this.#ended.filter((other) => other !== ended);
    this.#givenUp += ended.segment.pending;
    await ended.segment.close();
    if (ended.segment.name !== null) this.#options.finished(ended.segment.name);
  }
}
