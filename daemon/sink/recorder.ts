/**
 * The sink that writes recordings: WFDB files cut by the hour, signals as the source gave them, beats, rhythm and
 * quality as annotations. Everything is collected in memory and put on disk by one task that never overlaps
 * itself; nothing here waits for the disk.
 */
import { describeError } from '@rhythmd/ecg/errors.ts';
import {
  type LeadQuality,
  PIPELINE_RATE_HZ,
  type QualityChange,
  type Samples,
  type StreamDescription,
} from '@rhythmd/ecg/types.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import type { AlertEvent, BeatEvent, HealthEvent, MarkEvent, StripEvent } from '../events.ts';
import type { Logger } from '../log/logger.ts';
import { AlertLog } from './recorder/alert-log.ts';
import { DiskSpace } from './recorder/disk-space.ts';
import { type Layout, layoutOf } from './recorder/layout.ts';
import { annotation, beatMark, note, qualityMark } from './recorder/marks.ts';
import { RecordingsFolder } from './recorder/recordings-folder.ts';
import { RhythmTrack } from './recorder/rhythm-track.ts';
import { Segment } from './recorder/segment.ts';
import { WrittenBytes } from './recorder/written-bytes.ts';
import type { Sink } from './sink.ts';

/** With the time a write takes, less than a second is missing after a crash. */
const FLUSH_EVERY_MS = 600;
/** A longer gap ends a recording instead of filling it with nothing. */
const MAX_FILLED_GAP_S = 30;
/** Beats and alerts come after their samples: a recording that ended waits for them this long. */
const LATE_S = 10;
/** Recordings that ended and cannot be written; beyond it the oldest is given up. */
const MAX_ENDED = 4;
const HOUR_MS = 3_600_000;
/** A recording that begins this close to the hour belongs to the next: clocks are corrected by milliseconds. */
const HOUR_TOLERANCE_MS = 1000;
/** How long stop waits for the disk. */
const STOP_WITHIN_MS = 3000;

export interface RecorderOptions {
  readonly folder: string;
  readonly minFreeBytes: number;
  readonly maxBytes: number;
  /** Every flush waits for the disk: safe against power loss. */
  readonly sync: boolean;
  /** Who recorded, for the header. */
  readonly origin: string;
  readonly analysedLead: number;
  readonly log: Logger;
  readonly nowMs: () => number;
  /** For tests. */
  readonly freeBytes?: (path: string) => Promise<number>;
}

export class Recorder implements Sink {
  readonly name = 'recorder';
  readonly #options: RecorderOptions;
  readonly #folder: RecordingsFolder;
  readonly #space: DiskSpace;
  readonly #alerts: AlertLog;
  readonly #written: WrittenBytes;
  #rhythm = new RhythmTrack();
  #layout: Layout | null = null;
  #quality: LeadQuality[] = [];
  #current: Segment | null = null;
  /** Where the current recording ends, in the source's samples. */
  #currentLimit = 0;
  #ended: { readonly segment: Segment; readonly endedMs: number }[] = [];
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> | null = null;
  #problem: string | null = null;
  readonly #counts = { lost: 0, refused: 0, strays: 0, clipped: 0, failures: 0, recordings: 0 };

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#folder = new RecordingsFolder(options.folder, options.freeBytes);
    this.#space = new DiskSpace(this.#folder, options);
    this.#alerts = new AlertLog(options.folder, options.sync);
    this.#written = new WrittenBytes(options.nowMs);
  }

  async start(): Promise<void> {
    await this.#folder.open();
    await this.#space.check(null);
    this.#timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#endCurrent();
    let timeout: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timeout = setTimeout(resolve, STOP_WITHIN_MS);
    });
    await Promise.race([this.#finish(), patience]);
    clearTimeout(timeout);
  }

  /** A stream begins: its samples count from their own start. */
  stream(description: StreamDescription): void {
    this.#endCurrent();
    this.#layout = layoutOf(description, this.#options.origin);
    this.#quality = description.leadNames.map(() => 'settling');
    this.#rhythm = new RhythmTrack();
  }

  received(samples: Samples, firstMs: number): void {
    const layout = this.#layout;
    if (layout === null) return;
    if (this.#space.isFull) {
      this.#counts.refused += samples.count;
      this.#endCurrent();
      return;
    }
    const gap = this.#current === null ? 0 : samples.first - this.#current.end;
    if (gap !== 0 && !this.#bridge(gap, layout)) {
      this.#counts.lost += samples.count;
      return;
    }
    for (let offset = 0; offset < samples.count; ) {
      const segment =
        this.#current ??
        this.#begin(layout, samples.first + offset, firstMs + (1000 * offset) / layout.rateHz);
      const count = Math.min(samples.count - offset, this.#currentLimit - segment.end, segment.room);
      if (segment.isFilling) void this.flush();
      if (count <= 0) {
        // The disk is too slow: what has no room is lost, and the next sample will find a gap.
        this.#counts.lost += samples.count - offset;
        return;
      }
      segment.push(samples, offset, count);
      offset += count;
      if (segment.end >= this.#currentLimit) this.#endCurrent();
    }
  }

  beat({ sample, code }: BeatEvent): void {
    this.#annotate(beatMark(this.#sourceSample(sample), code));
  }

  quality({ lead, sample, quality }: QualityChange): void {
    this.#quality[lead] = quality;
    this.#annotate(this.#qualityMark(this.#sourceSample(sample)));
  }

  mark({ sample, text }: MarkEvent): void {
    this.#annotate(note(this.#sourceSample(sample), text));
  }

  alert(event: AlertEvent): void {
    this.#alerts.add(event.t_ms, { topic: 'alert', ...event });
    const changed = this.#rhythm.push(event);
    if (changed !== null) this.#annotate(this.#rhythmMark(this.#sourceSample(changed)));
  }

  strip(event: StripEvent): void {
    this.#alerts.add(event.t_ms, { topic: 'strip', ...event });
  }

  /** Puts on disk what is there; a call during another waits for that one. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flushAll().finally(() => {
      this.#flushing = null;
    });
    return this.#flushing;
  }

  status(): NonNullable<HealthEvent['recorder']> {
    return { state: this.#state(), bytes_per_day: this.#written.perDay() };
  }

  counters(): Readonly<Record<string, number>> {
    const { lost, refused, strays, clipped, failures, recordings } = this.#counts;
    return {
      recorder_recordings: recordings,
      recorder_bytes: this.#written.total,
      recorder_deleted: this.#space.deleted,
      recorder_samples_lost: lost,
      recorder_samples_refused: refused,
      recorder_samples_clipped: clipped + (this.#current?.clipped ?? 0),
      recorder_annotations_stray: strays,
      recorder_alerts_waiting: this.#alerts.waiting,
      recorder_alerts_dropped: this.#alerts.dropped,
      recorder_failures: failures,
    };
  }

  #state(): string {
    if (this.#problem !== null) return `failed: ${this.#problem}`;
    if (this.#space.isFull) return 'disk full';
    return this.#current === null ? 'waiting' : 'recording';
  }

  #begin(layout: Layout, first: number, startMs: number): Segment {
    const { folder, sync } = this.#options;
    const segment = new Segment({ folder, layout, first, startMs, sync });
    const toNextHourMs = HOUR_MS + HOUR_TOLERANCE_MS - ((startMs + HOUR_TOLERANCE_MS) % HOUR_MS);
    this.#currentLimit = first + Math.max(1, Math.round((toNextHourMs / 1000) * layout.rateHz));
    this.#current = segment;
    this.#counts.recordings++;
    // Each recording says where it stands, so that it can be read alone.
    segment.annotate(this.#qualityMark(first));
    segment.annotate(this.#rhythmMark(first));
    return segment;
  }

  #endCurrent(): void {
    if (this.#current === null) return;
    this.#ended.push({ segment: this.#current, endedMs: this.#options.nowMs() });
    this.#current = null;
    if (this.#ended.length > MAX_ENDED) void this.#ended.shift()?.segment.close();
  }

  /**
   * Lost samples become a marked gap; a long gap, or a step back, ends the recording.
   * @returns false while the disk is too slow to take even the gap
   */
  #bridge(gap: number, layout: Layout): boolean {
    const segment = this.#current;
    if (segment === null) return true;
    const isFillable = gap > 0 && gap <= MAX_FILLED_GAP_S * layout.rateHz;
    if (!isFillable || segment.end + gap >= this.#currentLimit) {
      this.#endCurrent();
      return true;
    }
    if (gap > segment.room) return false;
    const { end } = segment;
    segment.annotate(note(end, `gap of ${gap} samples`));
    const off = this.#quality.map((): LeadQuality => 'stalled');
    segment.annotate(qualityMark(end, this.#leadNames(), off, this.#options.analysedLead));
    segment.pushLost(gap);
    segment.annotate(this.#qualityMark(end + gap));
    return true;
  }

  /** Into the recording it belongs to; what began before the oldest still open stands at that one's beginning. */
  #annotate(mark: Annotation): void {
    const open = [...this.#ended.map(({ segment }) => segment), ...(this.#current ? [this.#current] : [])];
    const place = open.findLast(({ first }) => first <= mark.sample) ?? open[0];
    if (!place || mark.sample > place.end + LATE_S * (this.#layout?.rateHz ?? 0)) this.#counts.strays++;
    else place.annotate(mark.sample > place.end ? { ...mark, sample: place.end } : mark);
  }

  #qualityMark(sample: number): Annotation {
    return qualityMark(sample, this.#leadNames(), this.#quality, this.#options.analysedLead);
  }

  #rhythmMark(sample: number): Annotation {
    return annotation(sample, AnnotationCode.rhythm, { aux: this.#rhythm.rhythm });
  }

  #leadNames(): string[] {
    return this.#layout?.leads.map(({ name }) => name) ?? [];
  }

  #sourceSample(pipelineSample: number): number {
    return Math.round((pipelineSample * (this.#layout?.rateHz ?? PIPELINE_RATE_HZ)) / PIPELINE_RATE_HZ);
  }

  async #flushAll(): Promise<void> {
    try {
      await this.#space.check(this.#current?.name ?? null);
      // Alerts first: they are few, and matter most where room is short.
      this.#written.add(await this.#alerts.flush());
      for (const { segment } of [...this.#ended]) this.#written.add(await segment.flush());
      if (this.#current !== null) this.#written.add(await this.#current.flush());
      await this.#closeEnded();
      if (this.#problem !== null) this.#options.log.info('recording goes on');
      this.#problem = null;
    } catch (error) {
      this.#counts.failures++;
      const problem = error instanceof Error ? error.message : describeError(error);
      if (this.#problem !== problem) this.#options.log.error(() => `recording: ${problem}; tried again`);
      this.#problem = problem;
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') await this.#startAgain();
    }
  }

  async #closeEnded(): Promise<void> {
    const lateSamples = LATE_S * (this.#layout?.rateHz ?? 0);
    while (this.#ended.length > 0) {
      const { segment, endedMs } = this.#ended[0]!;
      const isLast = this.#ended.length === 1;
      const isYoung = this.#options.nowMs() - endedMs < LATE_S * 1000;
      const goesOn = this.#current === null || this.#current.end - segment.end < lateSamples;
      if (isLast && isYoung && goesOn) return;
      // It may have ended while another was being written.
      this.#written.add(await segment.flush());
      this.#ended.shift();
      this.#counts.clipped += segment.clipped;
      await segment.close();
    }
  }

  /** Somebody took the folder away: what was open is gone with it. */
  async #startAgain(): Promise<void> {
    this.#endCurrent();
    for (const { segment } of this.#ended.splice(0)) await segment.close().catch(() => {});
    await this.#folder.open().catch(() => {});
  }

  async #finish(): Promise<void> {
    await this.#flushing;
    await this.flush();
    for (const { segment } of this.#ended.splice(0)) await segment.close();
  }
}
