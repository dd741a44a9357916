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
import type { AlertEvent, BeatEvent, HealthEvent, MarkEvent, StripEvent } from '@rhythmd/protocol/events.ts';
import type { Logger } from '../log/logger.ts';
import type { Sink } from '../publish/sink.ts';
import { AlertLog } from './recorder/alert-log.ts';
import { DiskSpace } from './recorder/disk-space.ts';
import { layoutOf } from './recorder/layout.ts';
import { annotation, beatMark, note, qualityMark } from './recorder/marks.ts';
import { RecordingsFolder } from './recorder/recordings-folder.ts';
import { redate } from './recorder/redate.ts';
import { RhythmTrack } from './recorder/rhythm-track.ts';
import type { Durable } from './recorder/segment.ts';
import { StreamRecording } from './recorder/stream-recording.ts';
import { WrittenBytes } from './recorder/written-bytes.ts';

/** With the time a write takes, less than a second is missing after a crash of the program. */
const WRITE_EVERY_MS = 500;
/** After a power cut: an SD card is worn by each wait for it. */
const SYNC_EVERY_MS = 2000;
/** Annotations can be made again from the signals: the disk is waited for with each so many waits for those. */
const SYNCS_OF_ANNOTATIONS = 4;
/** How long start and stop wait for the disk. */
const START_WITHIN_MS = 2000;
const STOP_WITHIN_MS = 3000;
/** Two months of hours. */
const MAX_REMEMBERED = 1500;
/** Streams that ended and cannot be written; beyond it the oldest is given up. */
const MAX_ENDED_STREAMS = 8;

export interface RecorderOptions {
  readonly folder: string;
  readonly minFreeBytes: number;
  readonly maxBytes: number;
  /** Whether the disk is waited for at all: safe against power loss. */
  readonly sync: boolean;
  /** How often it is; 2 s where nothing is said. */
  readonly syncEveryMs?: number;
  /** Who recorded, for the header. */
  readonly origin: string;
  readonly log: Logger;
  /** A clock that nobody sets. */
  readonly monotonicMs: () => number;
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
  #description: StreamDescription | null = null;
  #quality: LeadQuality[] = [];
  #recording: StreamRecording | null = null;
  #ended: StreamRecording[] = [];
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> | null = null;
  #isOpen = false;
  #syncedMs = Number.NEGATIVE_INFINITY;
  #syncs = 0;
  #problem: string | null = null;
  /** Whole recordings of this run, by name: should the clock be set, they are dated anew. */
  #finished: string[] = [];
  /** Those that still say a time of before the clock was set, and by how much it was. */
  #misdated: { readonly name: string; readonly shiftMs: number }[] = [];
  readonly #counts = { lost: 0, refused: 0, strays: 0, clipped: 0, failures: 0, recordings: 0 };

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#folder = new RecordingsFolder(options.folder, options.freeBytes);
    this.#space = new DiskSpace(this.#folder, options);
    this.#alerts = new AlertLog(options.folder, options.sync);
    this.#written = new WrittenBytes(options.monotonicMs);
  }

  /** A folder that cannot be had is tried again with every flush: it may be mended, or plugged in. */
  async start(): Promise<void> {
    this.#timer = setInterval(() => {
      // A turn that finds the last one still writing is none: what it should have waited for, the next one waits for.
      if (this.#flushing === null) void this.flush(this.#due());
    }, WRITE_EVERY_MS);
    // A disk that hangs must not keep acquisition from starting.
    await withPatience(this.flush(), START_WITHIN_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await withPatience(this.#finish(), STOP_WITHIN_MS);
  }

  /** A stream begins: its samples count from their own start. */
  stream(description: StreamDescription): void {
    this.#endStream();
    const { folder, sync, origin, monotonicMs } = this.#options;
    this.#description = description;
    this.#quality = description.leadNames.map(() => 'settling');
    this.#rhythm = new RhythmTrack();
    this.#recording = new StreamRecording({
      folder,
      sync,
      layout: layoutOf(description, origin),
      monotonicMs,
      standing: (sample) => [this.#qualityMark(sample), this.#rhythmMark(sample)],
      finished: (name) => {
        this.#finished.push(name);
        if (this.#finished.length > MAX_REMEMBERED) this.#finished.shift();
      },
      gap: (sample, count) => this.#gapMarks(sample, count),
    });
  }

  /** The wall clock was set: what this run recorded is dated anew. */
  clockSet(shiftMs: number, timeMs: number): void {
    for (const recording of [...this.#ended, this.#recording]) recording?.redate(shiftMs);
    for (const name of this.#finished.splice(0)) this.#misdated.push({ name, shiftMs });
    this.#alerts.add(timeMs, { topic: 'clock', t_ms: timeMs, shift_ms: shiftMs });
  }

  received(samples: Samples, firstMs: number): void {
    if (this.#space.isFull) {
      this.#counts.refused += samples.count;
      this.#recording?.end();
      return;
    }
    if (this.#recording === null) return;
    const before = this.#recording.recordings;
    this.#counts.lost += this.#recording.take(samples, firstMs);
    // A new recording has no file yet: until it does, a crash loses all of it.
    if (this.#recording.isFilling || this.#recording.recordings !== before) void this.flush('signals');
  }

  beat({ sample, code, label }: BeatEvent): void {
    this.#annotate(beatMark(this.#sourceSample(sample), code, label !== null));
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
  flush(durable: Durable = 'all'): Promise<void> {
    this.#flushing ??= this.#flushAll(durable).finally(() => {
      this.#flushing = null;
    });
    return this.#flushing;
  }

  status(): NonNullable<HealthEvent['recorder']> {
    return { state: this.#state(), bytes_per_day: this.#written.perDay() };
  }

  counters(): Readonly<Record<string, number>> {
    const { lost, refused, strays, clipped, failures, recordings } = this.#counts;
    const recording = this.#recording;
    return {
      recorder_recordings: recordings + (recording?.recordings ?? 0),
      recorder_bytes: this.#written.total,
      recorder_deleted: this.#space.deleted,
      recorder_samples_lost: lost + (recording?.givenUp ?? 0),
      recorder_samples_refused: refused,
      recorder_samples_clipped: clipped + (recording?.clipped ?? 0),
      recorder_annotations_stray: strays,
      recorder_alerts_waiting: this.#alerts.waiting,
      recorder_alerts_dropped: this.#alerts.dropped,
      recorder_failures: failures,
    };
  }

  #state(): string {
    if (this.#problem !== null) return `failed: ${this.#problem}`;
    if (this.#space.isFull) return 'disk full';
    return this.#recording?.isRecording === true ? 'recording' : 'waiting';
  }

  #endStream(): void {
    const recording = this.#recording;
    if (recording === null) return;
    recording.end();
    this.#recording = null;
    this.#counts.recordings += recording.recordings;
    this.#counts.clipped += recording.clipped;
    this.#ended.push(recording);
    if (this.#ended.length > MAX_ENDED_STREAMS) void this.#closeStream(this.#ended[0]!);
  }

  #annotate(mark: Annotation): void {
    if (this.#recording?.annotate(mark) !== true) this.#counts.strays++;
  }

  #gapMarks(sample: number, count: number): Annotation[] {
    const off = this.#quality.map((): LeadQuality => 'stalled');
    return [
      note(sample, `gap of ${count} samples`),
      qualityMark(sample, this.#leadNames(), off, this.#description?.analysedLead ?? 0),
      this.#qualityMark(sample + count),
    ];
  }

  #qualityMark(sample: number): Annotation {
    return qualityMark(sample, this.#leadNames(), this.#quality, this.#description?.analysedLead ?? 0);
  }

  #rhythmMark(sample: number): Annotation {
    return annotation(sample, AnnotationCode.rhythm, { aux: this.#rhythm.rhythm });
  }

  #leadNames(): readonly string[] {
    return this.#description?.leadNames ?? [];
  }

  #sourceSample(pipelineSample: number): number {
    const rateHz = this.#description?.rateHz ?? PIPELINE_RATE_HZ;
    return Math.round((pipelineSample * rateHz) / PIPELINE_RATE_HZ);
  }

  /** What this turn of the timer waits for. */
  #due(): Durable {
    const { monotonicMs, syncEveryMs = SYNC_EVERY_MS } = this.#options;
    const nowMs = monotonicMs();
    // Half a turn early rather than half a turn late.
    if (nowMs - this.#syncedMs < syncEveryMs - WRITE_EVERY_MS / 2) return 'nothing';
    this.#syncedMs = nowMs;
    return this.#syncs++ % SYNCS_OF_ANNOTATIONS === 0 ? 'all' : 'signals';
  }

  async #flushAll(durable: Durable): Promise<void> {
    try {
      if (!this.#isOpen) await this.#open();
      await this.#space.check(this.#recording?.currentName ?? null);
      // Alerts first: they are few, and matter most where room is short. Where theirs cannot be written, signals can.
      const alertsFailed = await this.#flushAlerts();
      await this.#redateFinished();
      for (const ended of [...this.#ended]) await this.#finishStream(ended);
      if (this.#recording !== null) this.#written.add(await this.#recording.flush(durable));
      if (alertsFailed !== null) throw alertsFailed;
      if (this.#problem !== null) this.#options.log.info('recording goes on');
      this.#problem = null;
    } catch (error) {
      this.#counts.failures++;
      const problem = error instanceof Error && !('fix' in error) ? error.message : describeError(error);
      if (this.#problem !== problem) this.#options.log.error(() => `recording: ${problem}; tried again`);
      this.#problem = problem;
      // Taken away, or something else lies in its place.
      if (/^(ENOENT|ENOTDIR)$/.test(String((error as NodeJS.ErrnoException).code))) await this.#startAgain();
    }
  }

  /** @returns what went wrong; null: they are in their file */
  async #flushAlerts(): Promise<unknown> {
    try {
      this.#written.add(await this.#alerts.flush());
      return null;
    } catch (error) {
      return error;
    }
  }

  async #open(): Promise<void> {
    const { log, folder } = this.#options;
    const { samplesSaved, orphans, unread } = await this.#folder.open();
    this.#isOpen = true;
    if (samplesSaved > 0) log.info(`${samplesSaved} samples that the last run had not counted are saved`);
    if (orphans.length > 0) {
      log.warn(`${orphans.length} recordings in ${folder} have lost their header: ${orphans[0]}...`);
    }
    if (unread.length > 0) {
      log.warn(
        `${unread.length} recordings in ${folder} cannot be looked into, and stay as they are: ${unread[0]}`,
      );
    }
  }

  /** One that cannot be renamed is left as it is: the growing one must not wait for it. */
  async #redateFinished(): Promise<void> {
    for (const { name, shiftMs } of this.#misdated.splice(0)) {
      try {
        const redated = await redate(this.#options.folder, name, shiftMs, this.#options.sync);
        this.#finished.push(redated.name);
      } catch (error) {
        this.#options.log.warn(() => `recording ${name} keeps its wrong date: ${describeError(error)}`);
      }
    }
  }

  async #finishStream(ended: StreamRecording): Promise<void> {
    this.#written.add(await ended.finish());
    await this.#closeStream(ended);
  }

  async #closeStream(ended: StreamRecording): Promise<void> {
    this.#ended = this.#ended.filter((other) => other !== ended);
    await ended.close().catch(() => {});
    this.#counts.lost += ended.givenUp;
  }

  /** Somebody took the folder away: what was open is gone with it. */
  async #startAgain(): Promise<void> {
    for (const ended of this.#ended) await this.#closeStream(ended);
    await this.#recording?.close().catch(() => {});
    this.#finished = [];
    this.#isOpen = false;
  }

  async #finish(): Promise<void> {
    await this.#flushing;
    this.#endStream();
    await this.flush();
    for (const ended of this.#ended) await this.#closeStream(ended);
  }
}

async function withPatience(work: Promise<void>, limitMs: number): Promise<void> {
  let timeout: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timeout = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, patience]);
  clearTimeout(timeout);
}
